internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct EventsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Print what happens, as it happens.")

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Begin with what happened since a moment, or in the last 10m.", valueName: "time"))
    var since: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("End at a moment.", valueName: "time"))
    var until: String?

    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Print those that match (container, event, image, label, type).", valueName: "key=value"))
    var filter: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("json, or a template.", valueName: "format"))
    var format: String?

    func execute(_ client: Client) throws -> Int32 {
        let template = try format.flatMap { $0 == "json" ? "{{json .}}" : $0 }.map { try Template($0) }
        let parameters = Events.Parameters(
            since: try since.map { try MomentArgument.parse($0) },
            until: try until.map { try MomentArgument.parse($0) },
            filters: try KeyValue.filters(filter))
        try client.supervisor().stream(Events.self, parameters) { event in
            try client.print(try template?.render(EventRow.json(event)) ?? EventRow.line(event))
        }
        return ExitCodes.success
    }
}
