internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Images: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "images", abstract: "List images.")

    @Flag(name: .shortAndLong, help: "List all images. (There are none that are hidden.)")
    var all = false

    @Flag(name: .shortAndLong, help: "Print IDs only.")
    var quiet = false

    @Flag(name: .customLong("no-trunc"), help: "Do not shorten anything.")
    var noTruncation = false

    @Flag(help: "Show the digests of the manifests.")
    var digests = false

    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "List those that match (reference, dangling, label, before, since, until).", valueName: "key=value")
    )
    var filter: [String] = []

    @Option(
        parsing: .unconditional, help: ArgumentHelp("table, json, a template, or a table of one.", valueName: "format"))
    var format: String?

    @Argument(help: ArgumentHelp("List the images of a repository only.", valueName: "repository[:tag]"))
    var repository: String?

    func execute(_ client: Client) throws -> Int32 {
        let format = try RowFormat(
            quiet && self.format == nil ? "{{.ID}}" : self.format,
            standard: digests ? ImageRow.columnsWithDigest : ImageRow.columns, headings: ImageRow.headings)
        var filters = try KeyValue.filters(filter)
        filters["until"] = try filters["until"]?.map { "\(try MomentArgument.parse($0))" }
        if let repository { filters["reference", default: []].append(repository) }
        let answer = try client.call(ImageList.self, ImageList.Parameters(filters: filters))
        let now = Timestamp.now
        let rows = answer.images.flatMap { ImageRow.rows(for: $0, now: now, truncates: !noTruncation) }
        try client.print(try format.render(rows.map(\.data)), terminator: "")
        return ExitCodes.success
    }
}
