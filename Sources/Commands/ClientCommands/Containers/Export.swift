internal import ArgumentParser
internal import LineProtocol

struct Export: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a container's files to a tar archive.")

    @OptionGroup var archive: ArchiveOutput

    @Argument(help: "Name or ID.")
    var container: String

    func execute(_ client: Client) throws -> Int32 {
        try archive.write("export", client) {
            _ = try client.call(ContainerExport.self, ContainerName(container), passing: [$0])
        }
    }
}
