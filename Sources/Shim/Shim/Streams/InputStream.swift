import LinuxKernel

/// The standard input of a process: what its attached clients write, merged as it comes.
final class InputStream {
    private static let readSize = 64 << 10

    /// A client's pipe.
    private final class Client {
        let pipe: OwnedDescriptor
        var token: EventLoop.Token?
        init(_ pipe: consuming OwnedDescriptor) { self.pipe = pipe }
    }

    private let loop: EventLoop
    private var sink: OwnedDescriptor?
    private var sinkToken: EventLoop.Token?
    private var queue = ByteQueue()
    private var clients: [Client] = []
    private let isTerminal: Bool
    /// Whether the process reads the end of its input when the first client has gone.
    private let closesWithFirstClient: Bool
    private var isClosing = false
    private let onClientsChange: () -> Void

    /// Takes over `sink`, the writing end, of which nobody else shares the open file but for a terminal's output.
    init(
        _ sink: consuming OwnedDescriptor, isTerminal: Bool, closesWithFirstClient: Bool, loop: EventLoop,
        onClientsChange: @escaping () -> Void
    ) throws(SystemError) {
        try sink.descriptor.setNonBlocking()
        self.loop = loop
        self.sink = consume sink
        self.isTerminal = isTerminal
        self.closesWithFirstClient = closesWithFirstClient
        self.onClientsChange = onClientsChange
        watchSink()
    }

    var hasClients: Bool { !clients.isEmpty }
    var clientCount: Int { clients.count }

    /// Attaches a client; returns its end of a pipe, to be handed over. What it writes after the process has closed
    /// its input is refused by the pipe.
    func attach() throws(SystemError) -> Descriptor {
        let (reader, writer) = try Pipe().split()
        let client = Client(OwnedDescriptor(owning: reader.number))
        if sink == nil { return writer }
        do {
            try client.pipe.descriptor.setNonBlocking()
            clients.append(client)
            try watch(client)
        } catch {
            remove(client)
            writer.close()
            throw error
        }
        onClientsChange()
        return writer
    }

    /// Closes the input at once, and lets every client know.
    func close() {
        guard let descriptor = sink?.descriptor else { return }
        if let sinkToken { loop.forget(descriptor, sinkToken) }
        sink = nil
        queue.removeAll()
        for client in clients { remove(client) }
        onClientsChange()
    }
}

// MARK: From the clients

extension InputStream {
    private func watch(_ client: Client) throws(SystemError) {
        client.token = try loop.watch(client.pipe.descriptor, for: .readable) { [weak self, unowned client] _ in
            self?.read(from: client)
        }
    }

    private func read(from client: Client) {
        let bytes: [UInt8]
        do { bytes = try client.pipe.descriptor.read(upTo: Self.readSize) } catch {
            if error.errno == .again { return }
            bytes = []
        }
        if bytes.isEmpty { return clientClosed(client) }
        queue.append(bytes[...])
        drain()
    }

    private func clientClosed(_ client: Client) {
        remove(client)
        // The process cannot be told the end of a terminal's input.
        if closesWithFirstClient, !isTerminal {
            isClosing = true
            drain()
        }
        onClientsChange()
    }

    private func remove(_ client: Client) {
        pause(client)
        clients.removeAll { $0 === client }
    }

    private func pause(_ client: Client) {
        if let token = client.token { loop.forget(client.pipe.descriptor, token) }
        client.token = nil
    }
}

// MARK: To the process

extension InputStream {
    /// A pipe's sink is always watched, to learn when nobody reads it any more. A terminal's is watched only while
    /// bytes wait: it hangs up whenever no process has it open.
    private func watchSink() {
        guard let descriptor = sink?.descriptor else { return }
        let events: PollEvents = queue.isEmpty ? [] : .writable
        if isTerminal, queue.isEmpty {
            if let sinkToken { loop.forget(descriptor, sinkToken) }
            sinkToken = nil
        } else if let sinkToken {
            loop.rewatch(descriptor, sinkToken, for: events)
        } else {
            sinkToken = try? loop.watch(descriptor, for: events) { [weak self] in self?.sinkChanged($0) }
        }
    }

    private func sinkChanged(_ events: PollEvents) {
        if events.contains(.error) || events.contains(.hangUp) {
            if !isTerminal { return close() }
            queue.removeAll()
        }
        drain()
    }

    /// While bytes wait for the process, no more are read from the clients.
    private func drain() {
        guard let descriptor = sink?.descriptor else { return }
        do { try queue.drain(into: descriptor) } catch {
            if !isTerminal { return close() }
            queue.removeAll()
        }
        if queue.isEmpty, isClosing { return close() }
        watchSink()
        for client in clients {
            if queue.isEmpty, client.token == nil { try? watch(client) } else if !queue.isEmpty { pause(client) }
        }
    }
}
