internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Tag: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "tag", abstract: "Give an image one more name.")

    @Argument(help: ArgumentHelp("Name or ID.", valueName: "image"))
    var image: String

    @Argument(help: ArgumentHelp("The new name.", valueName: "name[:tag]"))
    var name: String

    func execute(_ client: Client) throws -> Int32 {
        _ = try client.call(ImageTag.self, ImageTag.Parameters(image: image, reference: name))
        return ExitCodes.success
    }
}
