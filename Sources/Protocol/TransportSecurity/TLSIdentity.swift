public import NIOCore
internal import Synchronization

/// A server's certificate and key, read again when it is told to: connections that are open keep the old ones.
public final class TLSIdentity: Sendable {
    private let files: TLSFiles
    private let context: Mutex<TLSContext>

    /// Reads the files. Blocks.
    public init(_ files: TLSFiles) throws(TLSError) {
        self.files = files
        context = Mutex(try TLSContext(files))
    }

    /// Reads the files again. When they cannot be used, what was read last stays.
    public func reload() throws(TLSError) {
        let new = try TLSContext(files)
        context.withLock { $0 = new }
    }

    /// Puts TLS in front of what `channel` has; to be called on its event loop.
    public func protect(_ channel: any Channel) throws {
        let session = try context.withLock { $0 }.makeSession()
        try channel.pipeline.syncOperations.addHandler(TLSHandler(session), position: .first)
    }
}
