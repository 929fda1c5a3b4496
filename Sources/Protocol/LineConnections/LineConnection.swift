internal import LineProtocol
public import LinuxKernel

/// A client of a ``LineServer``: its socket, and its requests under way. Lives on the server's event loop.
///
/// Nothing here grows without a bound (ATTACKS.md, line-flood): the line by the framer, the requests and the unsent
/// bytes by ``LineLimits``; a client that reads nothing is closed at ``LineChannel/mostUnsent``.
public actor LineConnection {
    public nonisolated let peer: PeerCredentials
    private nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    private let channel: LineChannel
    private let service: any LineService
    private let greeting: Hello.Result
    private let limits: LineLimits
    private let onClose: @Sendable () -> Void

    private var token: UInt64?
    private var isGreeted = false
    private var isClosed = false
    private var waitingLines: [Line] = []
    private var requests: [RequestID: Task<Void, Never>] = [:]
    private var waitingSenders: [CheckedContinuation<Void, Never>] = []

    init(
        owning socket: consuming OwnedDescriptor, on loop: EventLoop, service: any LineService,
        greeting: Hello.Result, limits: LineLimits, onClose: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        peer = try socket.descriptor.peerCredentials()
        channel = try LineChannel(owning: socket)
        self.loop = loop
        self.service = service
        self.greeting = greeting
        self.limits = limits
        self.onClose = onClose
    }

    /// Begins to read. Answers false when the loop cannot take one more descriptor.
    func open() -> Bool {
        token = try? loop.add(channel.descriptor, for: .readable) { [weak self] events in
            self?.assumeIsolated { $0.socketIsReady(events) }
        }
        return token != nil
    }

    /// Cancels what is under way and closes the socket.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        if let token { loop.remove(channel.descriptor, token: token) }
        // The requests under way still hold this object, and with it the socket: the peer shall see the end now.
        try? channel.descriptor.shutDown()
        for request in requests.values { request.cancel() }
        requests.removeAll()
        for line in waitingLines { line.closeDescriptors() }
        waitingLines.removeAll()
        resumeSenders()
        onClose()
    }

    // MARK: Socket

    private func socketIsReady(_ events: PollEvents) {
        guard !isClosed else { return }
        // The peer has closed both directions: nobody is there to read an answer.
        if !events.isDisjoint(with: [.hangUp, .error]) { return close() }
        if events.contains(.writable) { flush() }
        if events.contains(.readable), !isClosed { receive() }
        settle()
    }

    private func receive() {
        do {
            waitingLines += try channel.receive()
        } catch {
            let failure =
                error == .lineTooLong
                ? ProtocolFailure(.lineTooLong, "a line may have \(Line.longest) bytes at most")
                : ProtocolFailure(.invalidRequest, "a line may carry \(Descriptor.mostPassed) descriptors at most")
            try? channel.send(Envelope.failure(nil, failure))
            close()
        }
    }

    private func flush() {
        do { try channel.flush() } catch { return close() }
        if channel.unsentBytes <= limits.unsent / 2 { resumeSenders() }
    }

    /// Handles the lines that may be handled now, and asks the loop for what can happen next.
    private func settle() {
        while !isClosed, hasRoom, !waitingLines.isEmpty { handle(waitingLines.removeFirst()) }
        guard !isClosed, let token else { return }
        if channel.isAtEnd, requests.isEmpty, waitingLines.isEmpty, !channel.hasUnsent { return close() }
        var wanted: PollEvents = channel.hasUnsent ? .writable : []
        if !channel.isAtEnd, hasRoom { wanted.insert(.readable) }
        do { try loop.modify(channel.descriptor, for: wanted, token: token) } catch { close() }
    }

    private var hasRoom: Bool { requests.count < limits.requests && channel.unsentBytes <= limits.unsent }

    private func send(_ bytes: [UInt8], passing descriptors: PassedDescriptors = PassedDescriptors()) {
        guard !isClosed else { return }
        do { try channel.send(bytes, passing: descriptors.take()) } catch { return close() }
        if channel.isPeerStalled { close() }
    }

    // MARK: Requests

    private func handle(_ line: Line) {
        let descriptors = PassedDescriptors(owning: line.descriptors)
        let message: Message
        do { message = try Message(line) } catch { return send(Envelope.failure(nil, error)) }
        // A client has nothing to answer and to notify: such lines are ignored, as JSON-RPC 2.0 wants it.
        guard case .request(let id, let method) = message.kind else { return }
        switch method {
        case Hello.name: send(answer(id) { () throws(ProtocolFailure) in try greet(message.parameters()) })
        case Cancel.name: send(answer(id) { () throws(ProtocolFailure) in cancel(try message.parameters()) })
        default:
            begin(LineRequest(id: id, method: method, message: message, descriptors: descriptors, connection: self))
        }
    }

    private func answer(_ id: RequestID, _ body: () throws(ProtocolFailure) -> some Encodable) -> [UInt8] {
        do { return Envelope.response(id, try body()) } catch { return Envelope.failure(id, error) }
    }

    private func greet(_ hello: Hello.Parameters) throws(ProtocolFailure) -> Hello.Result {
        guard hello.version >= 1 else {
            throw ProtocolFailure(
                .versionMismatch, "version \(hello.version) is not spoken here, only \(greeting.version)")
        }
        isGreeted = true
        var greeting = greeting
        greeting.version = min(greeting.version, hello.version)
        return greeting
    }

    private func cancel(_ parameters: Cancel.Parameters) -> Nothing {
        requests[parameters.request]?.cancel()
        resumeSenders()
        return Nothing()
    }

    private func begin(_ request: LineRequest) {
        guard isGreeted else {
            return send(
                Envelope.failure(request.id, ProtocolFailure(.invalidRequest, "the first request must be hello")))
        }
        guard requests[request.id] == nil else {
            return send(
                Envelope.failure(request.id, ProtocolFailure(.invalidRequest, "this id's request is not answered yet")))
        }
        let service = service
        // Detached: a task of this actor would do its work on the loop's thread.
        requests[request.id] = Task.detached { [weak self] in
            let (line, descriptors) = await Self.response(of: service, to: request)
            await self?.finish(request.id, line, descriptors)
        }
    }

    @concurrent
    private static func response(of service: any LineService, to request: LineRequest) async
        -> ([UInt8], PassedDescriptors)
    {
        do throws(ProtocolFailure) {
            let answer = try await service.respond(to: request)
            let line = answer.encode(request.id)
            guard line.count < Line.longest else {
                throw ProtocolFailure(.lineTooLong, "the answer to \(request.method) is longer than a line may be")
            }
            return (line, answer.descriptors)
        } catch {
            return (Envelope.failure(request.id, error), PassedDescriptors())
        }
    }

    private func finish(_ id: RequestID, _ line: [UInt8], _ descriptors: PassedDescriptors) {
        requests[id] = nil
        send(line, passing: descriptors)
        settle()
    }

    // MARK: Streams

    /// Sends a line of a stream, and waits first while too many bytes are unsent.
    func sendItem(_ bytes: [UInt8]) async throws(ProtocolFailure) {
        while !isClosed, !Task.isCancelled, channel.unsentBytes > limits.unsent {
            await withCheckedContinuation { waitingSenders.append($0) }
        }
        if isClosed || Task.isCancelled { throw ProtocolFailure(.cancelled, "the request was cancelled") }
        guard bytes.count < Line.longest else {
            throw ProtocolFailure(.lineTooLong, "an item is longer than a line may be")
        }
        send(bytes)
        settle()
    }

    private func resumeSenders() {
        for sender in waitingSenders { sender.resume() }
        waitingSenders.removeAll()
    }
}
