internal import LinuxKernel
internal import Synchronization

/// A small file of those who get in, read again when it changes. While it cannot be read, because it is being
/// replaced for instance, what was read last stays.
final class RereadFile<Content: Sendable>: Sendable {
    private let path: String
    private let parse: @Sendable ([UInt8]) throws(AccessFileError) -> Content
    private let state: Mutex<(modified: Timestamp, content: Content)>

    /// Reads the file at once, so that a server does not start with one that it cannot read.
    init(path: String, parse: @escaping @Sendable ([UInt8]) throws(AccessFileError) -> Content)
        throws(AccessFileError)
    {
        self.path = path
        self.parse = parse
        state = Mutex((try Self.modified(path), try Self.read(path, parse)))
    }

    /// What the file has now. Blocks.
    var content: Content {
        let last = state.withLock { $0 }
        guard let modified = try? Self.modified(path), modified != last.modified,
            let content = try? Self.read(path, parse)
        else { return last.content }
        state.withLock { $0 = (modified, content) }
        return content
    }

    private static func modified(_ path: String) throws(AccessFileError) -> Timestamp {
        do {
            let time = try Descriptor.workingDirectory.status(of: path).modified
            return Timestamp(nanoseconds: UInt64(max(0, time.seconds)) * 1_000_000_000 + UInt64(time.nanoseconds))
        } catch { throw AccessFileError(reason: "\(error)") }
    }

    private static func read(_ path: String, _ parse: ([UInt8]) throws(AccessFileError) -> Content)
        throws(AccessFileError) -> Content
    {
        let bytes: [UInt8]
        do { bytes = try Descriptor.workingDirectory.readFile(path, limit: 1 << 20) } catch {
            throw AccessFileError(reason: "\(error)")
        }
        return try parse(bytes)
    }
}

/// Why a file of passwords or keys cannot be used.
public struct AccessFileError: Error, Hashable, Sendable, CustomStringConvertible {
    let reason: String
    public var description: String { reason }
}
