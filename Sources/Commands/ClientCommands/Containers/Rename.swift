internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Rename: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a container another name.")

    @Argument(help: "Name or ID.")
    var container: String

    @Argument(help: ArgumentHelp("The new name.", valueName: "new-name"))
    var name: String

    func execute(_ client: Client) throws -> Int32 {
        _ = try client.call(ContainerRename.self, ContainerRename.Parameters(container: container, name: name))
        return ExitCodes.success
    }
}
