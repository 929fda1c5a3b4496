internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Inspect: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Print everything about containers and images.")

    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("json, or a template.", valueName: "format"))
    var format: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("container or image.", valueName: "type"))
    var type: String?

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "name"))
    var names: [String]

    func execute(_ client: Client) throws -> Int32 {
        guard let kind = type.map({ Inspection.Kind(rawValue: $0) }) ?? .any else {
            throw CommandFailure("cannot inspect type '\(type ?? "")': it is container or image")
        }
        return try Inspection(kind: kind, format: format).run(names, client)
    }
}
