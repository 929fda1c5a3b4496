internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Logs: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: "Print what a container wrote.")

    @Flag(name: .shortAndLong, help: "Go on with what it will write, until it has ended.")
    var follow = false

    @Flag(name: .shortAndLong, help: "Put the time before every line.")
    var timestamps = false

    @Option(
        name: [.customShort("n", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Print the last so many lines only. (default: all)", valueName: "count"))
    var tail: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Print what was written since a moment, or in the last 10m.", valueName: "time"))
    var since: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Print what was written before a moment.", valueName: "time"))
    var until: String?

    @Argument(help: ArgumentHelp("Name or ID.", valueName: "container"))
    var container: String

    func execute(_ client: Client) throws -> Int32 {
        let parameters = ContainerLogs.Parameters(
            container: container, follow: follow, tail: lines, since: try since.map { try MomentArgument.parse($0) },
            until: try until.map { try MomentArgument.parse($0) })
        try client.supervisor().stream(ContainerLogs.self, parameters) { record in
            let text = timestamps ? "\(record.time) \(record.log)" : record.log
            switch record.stream {
            case .standardOutput: try client.print(text, terminator: "")
            case .standardError: try client.writeError(Array(text.utf8))
            }
        }
        return ExitCodes.success
    }

    /// Nil, all of them, for what is no number, as docker has it.
    private var lines: Int? { tail.flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 } }
}
