import LineProtocol
import LinuxKernel

/// A container's log on disk: records appended whole, a new file begun when one is full.
final class LogFile {
    /// Bytes of records that are written at once.
    private static let mostPending = 128 << 10

    private let path: String
    private let maxSize: Int64?
    private let maxFiles: Int
    private var file: OwnedDescriptor
    private var size: Int64 = 0
    private var encoder = LogRecordEncoder()
    private var pending: [UInt8] = []
    private var hasFailed = false
    private var hasUnsynchronized = false

    /// Appends to `path`; a new file is for its owner only.
    init(path: String, maxSize: Int64?, maxFiles: Int) throws(SystemError) {
        self.path = path
        self.maxSize = maxSize
        self.maxFiles = maxFiles
        file = try Self.open(path)
        try cutUnfinishedRecord()
    }

    private static func open(_ path: String) throws(SystemError) -> OwnedDescriptor {
        try Descriptor.workingDirectory.open(path, [.readWrite, .create, .append, .noFollow], mode: 0o600)
    }

    /// A shim that was killed while it wrote may have left the beginning of a record.
    private func cutUnfinishedRecord() throws(SystemError) {
        size = try file.descriptor.status().size
        let start = max(0, size - Int64(Self.mostPending * 2))
        let tail = try file.descriptor.read(upTo: Int(size - start), at: start)
        guard let last = tail.last, last != UInt8(ascii: "\n") else { return }
        size = start + Int64(tail.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
        try file.descriptor.truncate(to: size)
    }

    /// Takes a record; it reaches the file with the next ``finishBatch()``.
    func append(_ bytes: ArraySlice<UInt8>, _ stream: LogRecord.Stream, at moment: Timestamp) {
        if let maxSize, size + Int64(pending.count) >= maxSize {
            flush()
            rotate()
        }
        encoder.append(bytes, stream, at: moment, to: &pending)
        if pending.count >= Self.mostPending { flush() }
    }

    /// Writes what was taken. A full disk costs records, never the container: what was written in part is cut off
    /// again, so that every line of the file stays whole.
    func flush() {
        if pending.isEmpty { return }
        defer { pending.removeAll(keepingCapacity: true) }
        // Somebody else may have emptied the file meanwhile.
        if let present = try? file.descriptor.status().size { size = present }
        do {
            try file.descriptor.writeAll(pending)
            size += Int64(pending.count)
            hasUnsynchronized = true
            hasFailed = false
        } catch {
            try? file.descriptor.truncate(to: size)
            if !hasFailed { Diagnostics.note("log records are lost: \(error) \(path)") }
            hasFailed = true
        }
    }

    /// Writes what was taken, and lets go of the memory that it took.
    func finishBatch() {
        flush()
        pending = []
    }

    /// Makes what was written last, power cuts included.
    func synchronize() {
        flush()
        if !hasUnsynchronized { return }
        hasUnsynchronized = false
        do { try file.descriptor.synchronize(path) } catch { Diagnostics.note("\(error)") }
    }

    /// `log` becomes `log.1`, that `log.2`, and so on; the oldest goes.
    private func rotate() {
        let names = [path] + (1..<max(1, maxFiles)).map { "\(path).\($0)" }
        let directory = Descriptor.workingDirectory
        do {
            if names.count == 1 {
                try file.descriptor.truncate(to: 0)
            } else {
                for (newer, older) in zip(names, names.dropFirst()).reversed() {
                    do { try directory.rename(newer, to: older) } catch  where error.errno == .noEntry {}
                }
                file = try Self.open(path)
            }
            size = 0
        } catch {
            Diagnostics.note("the log cannot be rotated: \(error)")
        }
    }
}
