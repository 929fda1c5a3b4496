internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Commit: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit", abstract: "Make an image of what a container has changed.")

    @Option(
        name: [.customShort("a", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Who made it.", valueName: "name"))
    var author: String?

    @OptionGroup var image: ImageChanges

    @Flag(
        name: [.customShort("p"), .long], inversion: .prefixedNo,
        help: "Stop the container's processes meanwhile.")
    var pause = true

    @Argument(help: "Name or ID.")
    var container: String

    @Argument(help: ArgumentHelp("Name of the image.", valueName: "repository[:tag]"))
    var reference: String?

    func execute(_ client: Client) throws -> Int32 {
        let parameters = ContainerCommit.Parameters(
            container: container, reference: reference, author: author, message: image.message, changes: image.change,
            pause: pause)
        try client.print(try client.call(ContainerCommit.self, parameters).id)
        return ExitCodes.success
    }
}
