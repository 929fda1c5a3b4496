import NIOCore
import NIOPosix
import Synchronization

/// A registry that answers each request with bytes that a test wrote: also what no honest server would say.
final class ScriptedRegistry: Sendable {
    struct Request: Sendable {
        let method: String
        let target: String
        /// Names in lower case.
        let fields: [String: String]
        let body: String
    }
    typealias Script = @Sendable (Request) -> [UInt8]

    private let listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    private let script: Mutex<Script>
    private let seen = Mutex<[Request]>([])
    let domain: String

    var requests: [Request] { seen.withLock { $0 } }
    func requests(_ method: String, containing part: String) -> [Request] {
        requests.filter { $0.method == method && $0.target.contains(part) }
    }

    private init(
        _ listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>, _ script: @escaping Script
    ) {
        self.listener = listener
        self.script = Mutex(script)
        domain = "127.0.0.1:\(listener.channel.localAddress?.port ?? 0)"
    }

    /// Calls `body` with a registry that lives as long.
    static func with(
        _ script: @escaping Script = { _ in answer(404) }, _ body: @escaping (ScriptedRegistry) async throws -> Void
    ) async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let registry = ScriptedRegistry(listener, script)
        let serving = Task { try await registry.serve() }
        defer { serving.cancel() }
        try await body(registry)
    }

    /// Answers otherwise from now on.
    func answers(_ script: @escaping Script) { self.script.withLock { $0 = script } }

    private func serve() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections { group.addTask { try? await self.serve(connection) } }
            }
        }
    }

    /// One request a connection.
    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var text = ""
            for try await buffer in inbound {
                text += String(buffer: buffer)
                guard let request = Self.parse(text) else { continue }
                if !request.method.isEmpty { seen.withLock { $0.append(request) } }
                let script = script.withLock { $0 }
                try await outbound.write(ByteBuffer(bytes: script(request)))
                return
            }
        }
    }

    /// Nil as long as it is not whole. What is no HTTP, TLS for example, never is: it is shown the door.
    private static func parse(_ text: String) -> Request? {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            return text.first?.isLetter == true ? nil : Request(method: "", target: "", fields: [:], body: "")
        }
        let lines = parts[0].split(separator: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        let fields = lines.dropFirst().map { line -> (String, String) in
            let sides = line.split(separator: ": ", maxSplits: 1)
            return (sides[0].lowercased(), sides.count > 1 ? String(sides[1]) : "")
        }
        let request = Request(
            method: words[0], target: words.count > 1 ? words[1] : "",
            fields: Dictionary(fields, uniquingKeysWith: { $1 }), body: String(parts[1]))
        let length = request.fields["content-length"].flatMap { Int($0) } ?? 0
        return request.body.utf8.count < length ? nil : request
    }

    /// An answer with an honest length; `announcing` makes it another.
    static func answer(
        _ status: Int, _ fields: KeyValuePairs<String, String> = [:], _ body: [UInt8] = [], announcing: Int? = nil
    ) -> [UInt8] {
        let lines = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
        let head =
            "HTTP/1.1 \(status) Said\r\n\(lines)Content-Length: \(announcing ?? body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }
}
