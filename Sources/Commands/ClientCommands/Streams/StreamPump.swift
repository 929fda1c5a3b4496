internal import LinuxKernel

/// Carries bytes from one descriptor to another, one buffer at a time, as poll(2) allows.
///
/// Neither descriptor is made non-blocking: ours are shared with whoever started us. A sink that poll(2) calls
/// writable takes at least ``atomicSize`` bytes without blocking when it is a pipe.
struct StreamPump {
    enum End: Hashable {
        /// All of the source has been written.
        case finished
        /// Nobody reads the sink any more.
        case sinkClosed
        /// The sink failed otherwise: a full disk.
        case failed(SystemError)
    }

    /// `PIPE_BUF` of limits.h.
    private static let atomicSize = 4096
    private static let bufferSize = 64 << 10

    let source: Descriptor
    let sink: Descriptor
    /// The most bytes of one write(2).
    private let mostWritten: Int
    private var pending: ArraySlice<UInt8> = []
    private var sourceEnded = false
    private(set) var end: End?

    init(from source: Descriptor, to sink: Descriptor) {
        self.source = source
        self.sink = sink
        // An ordinary file takes everything at once.
        let isRegular = (try? sink.status().kind) == .regular
        mostWritten = isRegular ? Self.bufferSize : Self.atomicSize
    }

    /// What to wait for: the sink while bytes wait for it, else the source.
    var request: PollRequest? {
        if end != nil { return nil }
        return pending.isEmpty ? PollRequest(source, for: .readable) : PollRequest(sink, for: .writable)
    }

    /// Goes on after ``request`` came true. `filter` sees what was read, and says what is passed on.
    mutating func advance(filter: ([UInt8]) -> [UInt8] = { $0 }) {
        if pending.isEmpty { read(filter) }
        if !pending.isEmpty, isSinkReady { write() }
        if pending.isEmpty, sourceEnded, end == nil { end = .finished }
    }

    private var isSinkReady: Bool {
        guard let happened = try? sink.wait(for: .writable, milliseconds: 0) else { return true }
        return !happened.isEmpty
    }

    private mutating func read(_ filter: ([UInt8]) -> [UInt8]) {
        do {
            let bytes = try source.read(upTo: Self.bufferSize)
            if bytes.isEmpty { sourceEnded = true } else { pending = filter(bytes)[...] }
        } catch {
            // A terminal that hung up answers EIO: its end.
            if error.errno != .again && error.errno != .interrupted { sourceEnded = true }
        }
    }

    private mutating func write() {
        do { pending = pending.dropFirst(try sink.write(pending.prefix(mostWritten))) } catch {
            switch error.errno {
            case .again, .interrupted: break
            case .brokenPipe, .connectionReset: end = .sinkClosed
            default: end = .failed(error)
            }
        }
    }

    /// Drops what waits, and reads no more.
    mutating func stop() {
        pending = []
        end = end ?? .finished
    }
}
