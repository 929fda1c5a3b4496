import LineProtocol
import LinuxKernel

/// The clients of the shim's socket: lines in, lines out, as many at once as there are descriptors for.
final class Connections {
    typealias Number = UInt64

    /// Connections at a time; more wait in the socket's backlog.
    private static let most = 64
    /// How long to leave new connections alone when descriptors have run out.
    private static let pauseWithoutDescriptors: UInt64 = 250

    private final class Connection {
        let channel: LineChannel
        var token: EventLoop.Token = 0
        /// Requests that wait for their answer.
        var unanswered = 0
        init(_ channel: LineChannel) { self.channel = channel }
    }

    private let loop: EventLoop
    private let path: String
    private let listener: OwnedDescriptor
    private var listening: EventLoop.Token?
    private var open: [Number: Connection] = [:]
    private var last: Number = 0
    private var isStopped = false
    /// Called for every line, and tells whether one ``send(_:passing:to:)`` will answer it, now or later. The line's
    /// descriptors are closed afterwards.
    var onLine: (Number, Line) -> Bool = { _, _ in false }
    /// Called when a connection has come or gone, with the number of the one that went.
    var onChange: (Number?) -> Void = { _ in }

    /// Listens at `path`, but answers nobody before ``start()``: who comes early waits. A socket that is left there by a
    /// shim that was killed is replaced.
    init(path: String, loop: EventLoop) throws(SystemError) {
        self.loop = loop
        self.path = path
        if try Descriptor.workingDirectory.exists(path) {
            if (try? UnixSocket.connect(to: path)) != nil { throw SystemError(.busy, "listen", path) }
            try Descriptor.workingDirectory.removeFile(path)
        }
        listener = try UnixSocket.listen(at: path)
    }

    func start() throws(SystemError) { try listen() }

    var isEmpty: Bool { open.isEmpty }
    func isOpen(_ number: Number) -> Bool { open[number] != nil }

    /// Sends a line, and `descriptors` with it, which are closed then; also when the connection is gone.
    func send(_ bytes: [UInt8], passing descriptors: [Descriptor] = [], to number: Number) {
        guard let connection = open[number] else {
            for descriptor in descriptors { descriptor.close() }
            return
        }
        connection.unanswered -= 1
        do { try connection.channel.send(bytes, passing: descriptors) } catch { return drop(number) }
        if connection.channel.isPeerStalled { drop(number) } else { watchAgain(connection, number) }
    }

    /// Takes no more connections, and removes the socket.
    func stop() {
        stopListening()
        isStopped = true
        try? Descriptor.workingDirectory.removeFile(path)
    }

    /// Sends what is queued, waiting at most so long for slow readers, and lets all connections go.
    func close(withinMilliseconds milliseconds: CInt) {
        for connection in open.values where connection.channel.hasUnsent {
            try? connection.channel.flush()
            guard connection.channel.hasUnsent else { continue }
            _ = try? connection.channel.descriptor.wait(for: .writable, milliseconds: milliseconds)
            try? connection.channel.flush()
        }
        for number in open.keys { drop(number) }
    }
}

// MARK: Coming and going

extension Connections {
    private func listen() throws(SystemError) {
        guard listening == nil, !isStopped else { return }
        listening = try loop.watch(listener.descriptor, for: .readable) { [unowned self] _ in accept() }
    }

    private func stopListening() {
        if let listening { loop.forget(listener.descriptor, listening) }
        listening = nil
    }

    private func accept() {
        do {
            guard let socket = try UnixSocket.accept(listener.descriptor) else { return }
            try add(socket)
            if open.count >= Self.most { stopListening() }
        } catch {
            Diagnostics.note("cannot accept a connection: \(error)")
            stopListening()
            _ = loop.schedule(afterMilliseconds: Self.pauseWithoutDescriptors) { [unowned self] in try? listen() }
        }
    }

    private func add(_ socket: consuming OwnedDescriptor) throws(SystemError) {
        let user = try socket.descriptor.peerCredentials().user
        // The socket's mode says so already; nobody else has business here.
        guard user == 0 || user == ThisProcess.effectiveUser else { return }
        let connection = Connection(try LineChannel(owning: socket))
        last += 1
        let number = last
        connection.token = try loop.watch(connection.channel.descriptor, for: .readable) { [unowned self] events in
            handle(events, number)
        }
        open[number] = connection
        onChange(nil)
    }

    private func drop(_ number: Number) {
        guard let connection = open.removeValue(forKey: number) else { return }
        loop.forget(connection.channel.descriptor, connection.token)
        if open.count < Self.most { try? listen() }
        loop.afterThis { [unowned self] in onChange(number) }
    }
}

// MARK: Lines

extension Connections {
    private func handle(_ events: PollEvents, _ number: Number) {
        guard let connection = open[number] else { return }
        do {
            if events.contains(.writable) { try connection.channel.flush() }
            if !connection.channel.hasUnsent, !connection.channel.isAtEnd { try receive(connection, number) }
        } catch {
            return drop(number)
        }
        // A peer that has only finished writing may still wait for answers.
        if events.contains(.error) || events.contains(.hangUp) && connection.channel.isAtEnd {
            drop(number)
        } else {
            watchAgain(connection, number)
        }
    }

    private func receive(_ connection: Connection, _ number: Number) throws {
        let lines: [Line]
        do { lines = try connection.channel.receive() } catch {
            let failure = ProtocolFailure(.lineTooLong, "a line is longer than \(Line.longest) bytes")
            try connection.channel.send(Envelope.failure(nil, failure))
            throw error
        }
        for line in lines {
            connection.unanswered += 1
            if !onLine(number, line) { connection.unanswered -= 1 }
            line.closeDescriptors()
        }
    }

    /// A client that does not read its answers is not heard until it has read them: so they cannot pile up.
    private func watchAgain(_ connection: Connection, _ number: Number) {
        let channel = connection.channel
        if channel.isAtEnd, !channel.hasUnsent, connection.unanswered <= 0 { return drop(number) }
        let events: PollEvents = channel.hasUnsent ? .writable : channel.isAtEnd ? [] : .readable
        loop.rewatch(channel.descriptor, connection.token, for: events)
    }
}
