internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import TransportSecurity

/// What a server takes on.
public struct HTTPLimits: Hashable, Sendable {
    /// Connections at a time; further ones wait to be accepted.
    public var connections = 4096
    /// How much of a body that a service did not read is read and thrown away, in bytes, to keep the connection.
    public var drainedBytes = 256 * 1024

    public init() {}
}

/// Serves HTTP/1.1 (RFC 9112): one task a connection, which handles its requests one after the other.
public struct HTTPServer: Sendable {
    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private let listener: NIOAsyncChannel<Connection, Never>
    private let service: any HTTPService
    private let limits: HTTPLimits
    private let isSecure: Bool
    private let table = ConnectionTable()

    /// Where it listens, `HOST:PORT`; the port that the kernel chose if 0 was asked for.
    public var address: String {
        guard let address = listener.channel.localAddress, let host = address.ipAddress, let port = address.port else {
            return ""
        }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Binds `host` and `port`; with `identity` it speaks TLS there. Nobody is accepted before ``run()``.
    public init(
        host: String, port: Int, service: any HTTPService, identity: TLSIdentity? = nil,
        limits: HTTPLimits = HTTPLimits()
    ) async throws {
        isSecure = identity != nil
        self.service = service
        self.limits = limits
        listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Self.connection(channel, identity) }
            }
    }

    private static func connection(_ channel: any Channel, _ identity: TLSIdentity?) throws -> Connection {
        try identity?.protect(channel)
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
        return try Connection(wrappingChannelSynchronously: channel, configuration: .init())
    }

    /// Serves until ``stop(within:)``, and returns when the last connection is closed.
    public func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections {
                    group.addTask { await serve(connection) }
                }
            }
        }
    }

    /// Accepts nobody any more, closes what is idle, and gives requests that run this long to end.
    public func stop(within time: Duration) async {
        try? await listener.channel.close()
        table.closeIdle()
        let deadline = ContinuousClock.now + time
        while table.count > 0, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
        table.closeAll()
    }

    /// What goes wrong with one connection is its client's concern.
    private func serve(_ connection: Connection) async {
        let client = connection.channel.remoteAddress?.ipAddress ?? ""
        let place = table.add(connection.channel)
        defer { table.remove(place) }
        try? await connection.executeThenClose { inbound, _ in
            let session = HTTPSession(
                service: service, limits: limits, client: client, isSecure: isSecure, channel: connection.channel,
                table: table, place: place)
            try await session.run(inbound.makeAsyncIterator())
        }
    }
}
