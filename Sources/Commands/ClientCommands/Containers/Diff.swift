internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Diff: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Print what a container has changed of its image's files.")

    @Argument(help: "Name or ID.")
    var container: String

    func execute(_ client: Client) throws -> Int32 {
        try client.supervisor().stream(ContainerDiff.self, ContainerName(container)) { item in
            try client.print(item.changes.map { "\($0.kind) \($0.path)\n" }.joined(), terminator: "")
        }
        return ExitCodes.success
    }
}
