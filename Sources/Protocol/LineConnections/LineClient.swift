public import LineProtocol
internal import LinuxKernel

/// Why a call to another program of the protocol has no result.
public enum LineCallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the other program answered.
    case failure(ProtocolFailure)
    /// The connection ended before the answer came.
    case connectionLost
    case cancelled

    public var description: String {
        switch self {
        case .failure(let failure): failure.message
        case .connectionLost: "the connection ended before the answer came"
        case .cancelled: "cancelled"
        }
    }
}

/// The asking side of a connection, for many tasks at once. Lives on an event loop.
public actor LineClient {
    /// A result, and the descriptors that came with it.
    public struct Answer<Value: Sendable>: Sendable {
        public let value: Value
        public let descriptors: PassedDescriptors
    }

    private typealias Reply = Result<Answer<Message>, LineCallError>

    private nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    private let channel: LineChannel
    private var token: UInt64?
    private var lastID: Int64 = 0
    private var waiting: [RequestID: CheckedContinuation<Reply, Never>] = [:]
    private var isClosed = false

    /// Connects to the socket at `path` and says hello as `name`.
    public static func connect(to path: String, on loop: EventLoop, as name: String) async throws -> LineClient {
        let client = try LineClient(owning: UnixSocket.connect(to: path, nonBlocking: true), on: loop)
        try await client.open()
        _ = try await client.call(Hello.self, Hello.Parameters(client: name))
        return client
    }

    private init(owning socket: consuming OwnedDescriptor, on loop: EventLoop) throws(SystemError) {
        channel = try LineChannel(owning: socket)
        self.loop = loop
    }

    private func open() throws(SystemError) {
        token = try loop.add(channel.descriptor, for: .readable) { [weak self] events in
            self?.assumeIsolated { $0.socketIsReady(events) }
        }
    }

    isolated deinit { close() }

    /// Asks for `method` and waits for the answer. A cancelled task sends `cancel`.
    public func call<Method: LineMethod>(_: Method.Type, _ parameters: Method.Parameters) async throws(LineCallError)
        -> Answer<Method.Result>
    {
        lastID += 1
        let id = RequestID.number(lastID)
        let reply = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                ask(id, Envelope.request(Method.self, id: id, parameters), continuation)
            }
        } onCancel: {
            Task { await self.cancel(id) }
        }
        let answer = try reply.get()
        do { return Answer(value: try answer.value.result(), descriptors: answer.descriptors) } catch {
            throw .failure(error)
        }
    }

    /// Ends the connection: calls under way throw `connectionLost`.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        if let token { loop.remove(channel.descriptor, token: token) }
        token = nil
        try? channel.descriptor.shutDown()
        for continuation in waiting.values { continuation.resume(returning: .failure(.connectionLost)) }
        waiting.removeAll()
    }

    private func ask(_ id: RequestID, _ line: [UInt8], _ continuation: CheckedContinuation<Reply, Never>) {
        if isClosed { return continuation.resume(returning: .failure(.connectionLost)) }
        if Task.isCancelled { return continuation.resume(returning: .failure(.cancelled)) }
        waiting[id] = continuation
        send(line)
    }

    private func cancel(_ id: RequestID) {
        guard let continuation = waiting.removeValue(forKey: id) else { return }
        continuation.resume(returning: .failure(.cancelled))
        lastID += 1
        send(Envelope.request(Cancel.self, id: .number(lastID), Cancel.Parameters(request: id)))
    }

    private func send(_ line: [UInt8]) {
        do { try channel.send(line) } catch { return close() }
        if channel.isPeerStalled { close() } else { updateInterest() }
    }

    private func updateInterest() {
        guard let token else { return }
        let wanted: PollEvents = channel.hasUnsent ? [.readable, .writable] : .readable
        do { try loop.modify(channel.descriptor, for: wanted, token: token) } catch { close() }
    }

    private func socketIsReady(_ events: PollEvents) {
        guard !isClosed else { return }
        do {
            try channel.flush()
            for line in try channel.receive() { handle(line) }
        } catch { return close() }
        if channel.isAtEnd { close() } else { updateInterest() }
    }

    private func handle(_ line: Line) {
        let descriptors = PassedDescriptors(owning: line.descriptors)
        guard let message = try? Message(line) else { return close() }
        switch message.kind {
        case .response(let id):
            waiting.removeValue(forKey: id)?.resume(
                returning: .success(Answer(value: message, descriptors: descriptors)))
        case .failure(let id?, let failure):
            waiting.removeValue(forKey: id)?.resume(returning: .failure(.failure(failure)))
        case .failure(nil, _): close()
        case .request, .notification: break
        }
    }
}
