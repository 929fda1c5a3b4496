internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct HistoryCommand: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "history", abstract: "Show what made an image.")

    @Flag(
        name: [.customShort("H"), .long], inversion: .prefixedNo,
        help: "Print sizes and times as people read them.")
    var human = true

    @Flag(name: .shortAndLong, help: "Print IDs only.")
    var quiet = false

    @Flag(name: .customLong("no-trunc"), help: "Do not shorten anything.")
    var noTruncation = false

    @Option(
        parsing: .unconditional, help: ArgumentHelp("table, json, a template, or a table of one.", valueName: "format"))
    var format: String?

    @Argument(help: ArgumentHelp("Name or ID.", valueName: "image"))
    var image: String

    func execute(_ client: Client) throws -> Int32 {
        let format = try RowFormat(
            quiet && self.format == nil ? "{{.ID}}" : self.format, standard: HistoryRow.columns,
            headings: HistoryRow.headings)
        let steps = try client.call(ImageHistory.self, ImageHistory.Parameters(image: image)).steps
        let id = try client.call(ImageInspect.self, ImageInspect.Parameters(image: image)).id
        let style = HistoryRow.Style(isHuman: human, truncates: !noTruncation, now: .now)
        let rows = steps.enumerated().map { HistoryRow($1, id: $0 == 0 ? id : nil, style) }
        try client.print(try format.render(rows.map(\.data)), terminator: "")
        return ExitCodes.success
    }
}
