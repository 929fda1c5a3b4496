import LinuxKernel

/// A client that reads one output stream through a pipe of its own, and may be slow.
final class OutputClient {
    private let loop: EventLoop
    private let pipe: OwnedDescriptor
    private var token: EventLoop.Token = 0
    private var queue = ByteQueue()
    private var isFinishing = false
    private(set) var isGone = false
    /// Called when bytes have left the queue and when the client is gone.
    private let onChange: (OutputClient) -> Void

    /// `pipe` is the writing end, of which the shim alone holds a copy.
    init(_ pipe: consuming OwnedDescriptor, loop: EventLoop, onChange: @escaping (OutputClient) -> Void)
        throws(SystemError)
    {
        try pipe.descriptor.setNonBlocking()
        self.loop = loop
        self.pipe = pipe
        self.onChange = onChange
        // Errors are always reported: the reader is gone. Until then the loop keeps the client, whoever else does.
        token = try loop.watch(self.pipe.descriptor, for: []) { [self] events in handle(events) }
    }

    var queued: Int { queue.count }

    func send(_ bytes: ArraySlice<UInt8>) {
        if isGone { return }
        let wasEmpty = queue.isEmpty
        queue.append(bytes)
        if wasEmpty { drain() }
    }

    /// Ends the stream for the client once it has read what is queued.
    func finish() {
        isFinishing = true
        if queue.isEmpty { leave() }
    }

    private func handle(_ events: PollEvents) {
        if events.contains(.error) { leave() } else { drain() }
    }

    private func drain() {
        do { try queue.drain(into: pipe.descriptor) } catch {
            leave()
            return
        }
        if queue.isEmpty, isFinishing {
            leave()
        } else {
            loop.rewatch(pipe.descriptor, token, for: queue.isEmpty ? [] : .writable)
            onChange(self)
        }
    }

    private func leave() {
        if isGone { return }
        isGone = true
        queue.removeAll()
        loop.forget(pipe.descriptor, token)
        // Not from within a delivery to all clients: the pipe closes with the last reference.
        loop.afterThis { [self] in onChange(self) }
    }
}
