internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Ps: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "ps", abstract: "List containers.")

    @Flag(name: .shortAndLong, help: "List those that do not run, too.")
    var all = false

    @Flag(name: .shortAndLong, help: "Print IDs only.")
    var quiet = false

    @Flag(name: .customLong("no-trunc"), help: "Do not shorten anything.")
    var noTruncation = false

    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "List those that match (id, name, label, status, exited, ancestor, before, since, volume, network).",
            valueName: "key=value")
    )
    var filter: [String] = []

    @Option(
        parsing: .unconditional, help: ArgumentHelp("table, json, a template, or a table of one.", valueName: "format"))
    var format: String?

    @Option(
        name: [.customShort("n", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("List the newest so many, whatever their state.", valueName: "count"))
    var last: Int?

    @Flag(name: .shortAndLong, help: "List the newest one, whatever its state.")
    var latest = false

    func execute(_ client: Client) throws -> Int32 {
        let format = try RowFormat(
            quiet && format == nil ? "{{.ID}}" : format, standard: ContainerRow.columns, headings: ContainerRow.headings
        )
        let answer = try client.call(
            ContainerList.self,
            ContainerList.Parameters(
                all: all, filters: try KeyValue.filters(filter),
                last: latest ? 1 : last.flatMap { $0 > 0 ? $0 : nil }))
        let now = Timestamp.now
        let rows = answer.containers.map { ContainerRow(summary: $0, now: now, truncates: !noTruncation).data }
        try client.print(try format.render(rows), terminator: "")
        return ExitCodes.success
    }
}
