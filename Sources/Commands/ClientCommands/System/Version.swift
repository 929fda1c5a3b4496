internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Version: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the versions of the client and the supervisor.")

    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("json, or a template.", valueName: "format"))
    var format: String?

    func execute(_ client: Client) throws -> Int32 {
        let template = try format.flatMap { $0 == "json" ? "{{json .}}" : $0 }.map { try Template($0) }
        var failure: (any Error)?
        var server: SystemVersion.Result?
        do { server = try client.call(SystemVersion.self, Nothing()) } catch { failure = error }
        if let template {
            try client.print(try template.render(Self.json(server)))
        } else {
            try client.print(Self.text(server), terminator: "")
        }
        // Without a supervisor half of the answer is still one.
        if let failure { throw failure }
        return ExitCodes.success
    }

    private static var own: KeyValuePairs<String, String> {
        [
            "Version": ClientVersion.current, "ProtocolVersion": String(ClientVersion.protocolVersion), "Os": "linux",
            "Arch": ClientVersion.architecture,
        ]
    }

    private static func json(_ server: SystemVersion.Result?) -> JSONValue {
        .object([
            .init("Client", .strings(own)),
            .init("Server", server.map(json) ?? .null),
        ])
    }

    private static func json(_ server: SystemVersion.Result) -> JSONValue {
        let components = server.components.sorted { $0.key < $1.key }.map { name, version in
            JSONValue.strings(["Name": name, "Version": version])
        }
        return .object([
            .init("Version", .string(server.version)),
            .init("ProtocolVersion", .string(String(server.protocolVersion))),
            .init("Os", .string(server.system)), .init("Arch", .string(server.architecture)),
            .init("KernelVersion", .string(server.kernel)), .init("Components", .array(components)),
        ])
    }

    private static func text(_ server: SystemVersion.Result?) -> String {
        var text = "Client:\n"
        func add(_ name: String, _ value: String, indent: Int = 1) {
            let label = String(repeating: " ", count: indent) + name + ":"
            text += label + String(repeating: " ", count: max(1, 20 - label.count)) + value + "\n"
        }
        add("Version", ClientVersion.current)
        add("Protocol version", String(ClientVersion.protocolVersion))
        add("OS/Arch", "linux/" + ClientVersion.architecture)
        guard let server else { return text }
        text += "\nServer:\n"
        add("Version", server.version)
        add("Protocol version", String(server.protocolVersion))
        add("OS/Arch", "\(server.system)/\(server.architecture)")
        add("Kernel version", server.kernel)
        for (name, version) in server.components.sorted(by: { $0.key < $1.key }) {
            text += " \(name):\n"
            add("Version", version, indent: 2)
        }
        return text
    }
}
