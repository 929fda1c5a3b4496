import LinuxKernel

/// One output stream of a process, or a terminal's: read as it comes, handed to the log and to every attached client.
///
/// A client that does not read fills its queue; then the stream is not read any more, the pipe fills too, and the
/// process waits, as it would with that client at the other end. So no byte is lost and memory stays bounded.
final class OutputStream {
    /// Bytes that may wait for one client before the stream is not read any more.
    static let mostQueued = 256 << 10
    /// What may be read beyond that after the process has ended: more than a pipe can hold (`pipe-max-size`).
    private static let mostQueuedAtEnd = mostQueued + (1 << 20)
    private static let readSize = 64 << 10
    /// How often a terminal that nobody has open is looked at.
    private static let pauseOfHungUpTerminal: UInt64 = 100

    private let loop: EventLoop
    private var source: OwnedDescriptor?
    private var token: EventLoop.Token?
    private let isTerminal: Bool
    private var processHasEnded = false
    private var clients: [OutputClient] = []
    /// Takes the bytes before the clients do; and nothing at the end of the stream.
    var consumer: (ArraySlice<UInt8>) -> Void = { _ in }
    private let onEnd: () -> Void
    private let onClientsChange: () -> Void

    /// Takes over `source`, of which nobody else shares the open file.
    init(
        _ source: consuming OwnedDescriptor, isTerminal: Bool, loop: EventLoop, onEnd: @escaping () -> Void,
        onClientsChange: @escaping () -> Void
    ) throws(SystemError) {
        try source.descriptor.setNonBlocking()
        self.loop = loop
        self.source = consume source
        self.isTerminal = isTerminal
        self.onEnd = onEnd
        self.onClientsChange = onClientsChange
        try watch()
    }

    var isEnded: Bool { source == nil }
    var hasClients: Bool { !clients.isEmpty }
    var clientCount: Int { clients.count }

    /// Attaches a client; returns its end of a pipe, to be handed over. It may end at once.
    func attach() throws(SystemError) -> Descriptor {
        let (reader, writer) = try Pipe().split()
        do {
            let client = try OutputClient(OwnedDescriptor(owning: writer.number), loop: loop) { [weak self] in
                self?.clientChanged($0)
            }
            clients.append(client)
            if isEnded { client.finish() }
        } catch {
            reader.close()
            throw error
        }
        onClientsChange()
        return reader
    }

    /// The process is gone: what is left is read even if a client is slow, and a hung-up terminal has ended.
    func processEnded() {
        processHasEnded = true
        resume()
    }

    /// Reads what is there at this moment, without waiting for more.
    func readAvailable() { while read() {} }

    /// Ends the stream, read or not.
    func end() {
        guard source != nil else { return }
        pause()
        source = nil
        consumer([])
        for client in clients { client.finish() }
        onEnd()
    }
}

// MARK: Reading

extension OutputStream {
    private func watch() throws(SystemError) {
        guard token == nil, let descriptor = source?.descriptor else { return }
        token = try loop.watch(descriptor, for: .readable) { [weak self] _ in _ = self?.read() }
    }

    /// A hang-up is reported even when nothing is asked for, so a paused stream must not be watched at all.
    private func pause() {
        guard let token, let descriptor = source?.descriptor else { return }
        loop.forget(descriptor, token)
        self.token = nil
    }

    private func resume() {
        guard token == nil, source != nil, !mustWait else { return }
        do { try watch() } catch { end() }
    }

    private var mustWait: Bool {
        let limit = processHasEnded ? Self.mostQueuedAtEnd : Self.mostQueued
        return clients.contains { $0.queued >= limit }
    }

    /// Reads once; whether there may be more to read now.
    private func read() -> Bool {
        guard let descriptor = source?.descriptor else { return false }
        let bytes: [UInt8]
        do { bytes = try descriptor.read(upTo: Self.readSize) } catch {
            if error.errno == .again { return false }
            bytes = []  // EIO: a terminal that nobody has open.
        }
        if bytes.isEmpty {
            reachedEnd()
            return false
        }
        deliver(bytes[...])
        return token != nil
    }

    private func deliver(_ bytes: ArraySlice<UInt8>) {
        consumer(bytes)
        for client in clients { client.send(bytes) }
        if mustWait { pause() }
    }

    /// A terminal hangs up whenever no process has it open, and may be opened again while the process lives.
    private func reachedEnd() {
        if !isTerminal || processHasEnded { return end() }
        pause()
        _ = loop.schedule(afterMilliseconds: Self.pauseOfHungUpTerminal) { [weak self] in self?.resume() }
    }

    private func clientChanged(_ client: OutputClient) {
        if client.isGone {
            clients.removeAll { $0 === client }
            onClientsChange()
        }
        resume()
    }
}
