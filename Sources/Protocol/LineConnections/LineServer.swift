public import LineProtocol
public import LinuxKernel

/// Listens for clients of the line protocol and answers them through a ``LineService``.
///
/// Only root and the user of this program are served (`SO_PEERCRED`): the socket's mode says so already, and a
/// socket that was passed on, or a mode that somebody changed, must not say otherwise.
public actor LineServer {
    private nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    private let socket: ListeningSocket
    private let service: any LineService
    private let greeting: Hello.Result
    private let limits: LineLimits
    private let report: @Sendable (String) -> Void

    private var token: UInt64?
    private var lastKey: UInt64 = 0
    private var connections: [UInt64: LineConnection] = [:]

    /// `report` gets one line for each client that is refused, and why.
    public init(
        on loop: EventLoop, socket: consuming ListeningSocket, service: any LineService, greeting: Hello.Result,
        limits: LineLimits = LineLimits(), report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.loop = loop
        self.socket = socket
        self.service = service
        self.greeting = greeting
        self.limits = limits
        self.report = report
    }

    public var connectionCount: Int { connections.count }

    /// Begins to accept clients.
    public func start() throws(SystemError) {
        token = try loop.add(socket.descriptor.descriptor, for: .readable) { [weak self] _ in
            self?.assumeIsolated { $0.accept() }
        }
    }

    /// Takes no more clients, and closes all connections.
    public func stop() async {
        if let token { loop.remove(socket.descriptor.descriptor, token: token) }
        token = nil
        socket.removeName()
        for connection in connections.values { await connection.close() }
        connections.removeAll()
    }

    private func accept() {
        do {
            while let client = try UnixSocket.accept(socket.descriptor.descriptor) { try admit(client) }
        } catch {
            // EMFILE and the like: the client stays in the queue, and the next event tries again.
            report("cannot accept a client: \(error)")
        }
    }

    private func admit(_ client: consuming OwnedDescriptor) throws(SystemError) {
        let peer = try client.descriptor.peerCredentials()
        guard peer.user == 0 || peer.user == ThisProcess.effectiveUser else {
            return refuse(client, ProtocolFailure(.permissionDenied, "user \(peer.user) may not use this socket"))
        }
        guard connections.count < limits.connections else {
            return refuse(client, ProtocolFailure(.inUse, "\(limits.connections) clients are connected already"))
        }
        lastKey += 1
        let key = lastKey
        let connection = try LineConnection(
            owning: client, on: loop, service: service, greeting: greeting, limits: limits
        ) { [weak self] in self?.assumeIsolated { $0.connections[key] = nil } }
        if connection.assumeIsolated({ $0.open() }) { connections[key] = connection }
    }

    private func refuse(_ client: consuming OwnedDescriptor, _ failure: ProtocolFailure) {
        report(failure.message)
        _ = try? client.descriptor.send(Envelope.failure(nil, failure) + [UInt8(ascii: "\n")])
    }
}
