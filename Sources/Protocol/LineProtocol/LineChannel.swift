public import LinuxKernel

/// A connected, non-blocking socket that carries lines. Not thread-safe: it belongs to one event loop.
public final class LineChannel {
    /// What may wait to be sent before the peer counts as not reading.
    public static let mostUnsent = 8 << 20

    private let socket: OwnedDescriptor
    private var framer = LineFramer()
    private var unsent: [Line] = []
    public private(set) var unsentBytes = 0
    public private(set) var isAtEnd = false

    /// `socket` is a connected stream socket; it is made non-blocking.
    public init(owning socket: consuming OwnedDescriptor) throws(SystemError) {
        try socket.descriptor.setNonBlocking()
        self.socket = socket
    }

    deinit {
        framer.discard()
        for line in unsent { line.closeDescriptors() }
    }

    public var descriptor: Descriptor { socket.descriptor }
    /// Whether to poll for `.writable`.
    public var hasUnsent: Bool { !unsent.isEmpty }
    public var isPeerStalled: Bool { unsentBytes > Self.mostUnsent }

    /// The lines that can be had without waiting. At the end of the stream ``isAtEnd`` is set; a reset counts as end.
    public func receive() throws(LineFramer.Failure) -> [Line] {
        var lines: [Line] = []
        while !isAtEnd {
            var bytes: [UInt8] = []
            var descriptors: [Descriptor] = []
            do {
                let count = try socket.descriptor.receive(upTo: 64 << 10, into: &bytes, descriptors: &descriptors)
                if count == 0 { isAtEnd = true }
            } catch {
                if error.errno == .again { break }
                isAtEnd = true
            }
            do { lines += try framer.append(bytes, descriptors: descriptors) } catch {
                isAtEnd = true
                for line in lines { line.closeDescriptors() }
                framer.discard()
                throw error
            }
            // One buffer at a time is fair to the other connections of a loop.
            if !lines.isEmpty { break }
        }
        return lines
    }

    /// Queues `bytes` and a newline, and sends what the socket takes. Takes over `descriptors` and closes them once
    /// they are sent.
    public func send(_ bytes: [UInt8], passing descriptors: [Descriptor] = []) throws(SystemError) {
        unsent.append(Line(bytes + [UInt8(ascii: "\n")], passing: descriptors))
        unsentBytes += bytes.count + 1
        try flush()
    }

    /// Sends what the socket takes of what is queued.
    public func flush() throws(SystemError) {
        while var line = unsent.first {
            do {
                let sent = try socket.descriptor.send(line.bytes, passing: line.descriptors)
                unsentBytes -= sent
                line.closeDescriptors()
                line = Line(Array(line.bytes.dropFirst(sent)))
            } catch {
                if error.errno == .again { return }
                throw error
            }
            if line.bytes.isEmpty { unsent.removeFirst() } else { unsent[0] = line }
        }
    }

    /// Waits until a line, or several, are there; empty at the end of the stream or when `milliseconds` are over.
    public func waitForLines(milliseconds: CInt = -1) throws -> [Line] {
        while true {
            let lines = try receive()
            if !lines.isEmpty || isAtEnd { return lines }
            let wanted: PollEvents = hasUnsent ? [.readable, .writable] : .readable
            if try descriptor.wait(for: wanted, milliseconds: milliseconds).isEmpty, milliseconds >= 0 { return [] }
            try flush()
        }
    }
}
