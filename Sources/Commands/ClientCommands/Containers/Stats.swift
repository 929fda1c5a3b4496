internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Stats: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Print what containers use, again and again.")

    @Flag(name: .shortAndLong, help: "Print those that do not run, too.")
    var all = false

    @Flag(name: .customLong("no-stream"), help: "Print it once.")
    var noStream = false

    @Flag(name: .customLong("no-trunc"), help: "Do not shorten anything.")
    var noTruncation = false

    @Option(
        parsing: .unconditional, help: ArgumentHelp("table, json, a template, or a table of one.", valueName: "format"))
    var format: String?

    @Argument(help: ArgumentHelp("Names or IDs. (default: those that run)", valueName: "container"))
    var containers: [String] = []

    /// Back to the first line of the terminal, and nothing below.
    private static let home = "\u{1b}[H\u{1b}[J"

    func execute(_ client: Client) throws -> Int32 {
        let format = try RowFormat(format, standard: StatisticsRow.columns, headings: StatisticsRow.headings)
        let parameters = ContainerStats.Parameters(containers: containers, all: all, follow: !noStream)
        let start = !noStream && client.output.isTerminal ? Self.home : ""
        try client.supervisor().stream(ContainerStats.self, parameters) { item in
            let rows = item.containers.enumerated().map { number, statistics in
                StatisticsRow(
                    statistics: statistics, asked: containers.isEmpty ? nil : containers[number],
                    truncates: !noTruncation
                ).data
            }
            try client.print(start + format.render(rows), terminator: "")
        }
        return ExitCodes.success
    }
}
