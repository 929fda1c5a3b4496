import LineProtocol
import LinuxKernel

@testable import ClientCommands

/// A supervisor whose answers are written before the client asks: the client numbers its requests 1, 2, 3, and the
/// first is `hello`. It needs no thread, and afterwards tells what it was asked.
final class ScriptedSupervisor {
    private let channel: LineChannel
    private let clientEnd: Descriptor

    init() throws {
        let (server, client) = try UnixSocket.pair()
        channel = try LineChannel(owning: OwnedDescriptor(owning: server.number))
        clientEnd = client
        try answer(1, Hello.Result(server: "scripted", capabilities: ["descriptors"]))
    }

    func answer(_ request: Int64, _ result: some Encodable, passing descriptors: [Descriptor] = []) throws {
        try channel.send(Envelope.response(.number(request), result), passing: descriptors)
    }

    func fail(_ request: Int64, _ kind: ProtocolFailure.Kind, _ message: String) throws {
        try channel.send(Envelope.failure(.number(request), ProtocolFailure(kind, message)))
    }

    func item<Method: LineStream>(_ method: Method.Type, _ request: Int64, _ item: Method.Item) throws {
        try channel.send(Envelope.item(method, of: .number(request), item))
    }

    /// Says nothing more: what was sent can still be read.
    func hangUp() throws { try channel.descriptor.finishWriting() }

    func connect() throws -> Supervisor {
        try Supervisor(owning: OwnedDescriptor(owning: clientEnd.number), address: HostAddress(path: "/scripted"))
    }

    /// The requests that came, without `hello`.
    func requests() throws -> [Message] {
        var messages: [Message] = []
        while case let lines = try channel.receive(), !lines.isEmpty { messages += try lines.map { try Message($0) } }
        return Array(messages.dropFirst())
    }
}

extension Message {
    var method: String? {
        if case .request(_, let method) = kind { method } else { nil }
    }
}

/// Descriptors with a given content, or for output.
enum Memory {
    static func file(_ content: String = "") throws -> Descriptor {
        let file = try makeMemoryFile(named: "test")
        try file.descriptor.writeAll(content)
        // Opened again, so that it is read from its start.
        return try Descriptor.workingDirectory.open(file.descriptor.procPath, .readWrite).release()
    }

    static func text(of file: Descriptor) throws -> String {
        String(decoding: try file.read(upTo: 1 << 22, at: 0), as: UTF8.self)
    }
}

/// What a command did in a world made for it.
struct CommandOutcome {
    var exitCode: Int32
    var output: String
    var errors: String

    /// Runs `arguments` with these supervisors: the first connection is to the first of them, and so on.
    static func of(
        _ arguments: [String], input: String = "", environment: [String] = [], _ supervisors: ScriptedSupervisor...
    ) throws -> CommandOutcome {
        let input = try Memory.file(input)
        let output = try Memory.file()
        let errors = try Memory.file()
        defer { for file in [input, output, errors] { file.close() } }
        var rest = supervisors[...]
        let client = Client(input: input, output: output, errors: errors, environment: Environment(environment)) {
            guard let next = rest.popFirst() else { throw ConnectionFailure("nobody is there") }
            return try next.connect()
        }
        let exitCode = Wherry.run(arguments, client)
        return CommandOutcome(
            exitCode: exitCode, output: try Memory.text(of: output), errors: try Memory.text(of: errors))
    }
}
