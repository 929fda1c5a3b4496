internal import ContentStore
internal import ImageSpec
internal import LinuxKernel
internal import Synchronization

/// A blob on its way into a repository: spec.md, "Pushing blobs".
///
/// One request at a time has it in hand. Between two requests it rests with what is hashed so far; when the server
/// ends it stays on disk, and is read again by the next.
public final class Upload: Sendable {
    public let id: String
    public let repository: RepositoryName
    private let ingest: Mutex<Ingest?>
    private let written: Mutex<Int64>

    init(_ id: String, _ repository: RepositoryName, _ ingest: consuming Ingest) {
        self.id = id
        self.repository = repository
        written = Mutex(ingest.size)
        self.ingest = Mutex(ingest)
    }

    /// How many bytes have come so far.
    public var size: Int64 { written.withLock { $0 } }

    public func write(_ bytes: [UInt8]) throws(RegistryError) {
        try note(
            try ingest.withLock { ingest throws(RegistryError) in
                do throws(ContentStoreError) { try ingest?.write(bytes) } catch { throw RegistryError(error) }
                return ingest?.size
            })
    }

    func use(_ algorithm: Digest.Algorithm) throws(RegistryError) {
        try note(
            try ingest.withLock { ingest throws(RegistryError) in
                do throws(ContentStoreError) { try ingest?.use(algorithm) } catch { throw RegistryError(error) }
                return ingest?.size
            })
    }

    private func note(_ size: Int64?) throws(RegistryError) {
        guard let size else { throw Self.unknown(id) }
        written.withLock { $0 = size }
    }

    /// Gives up the file: what is done with it is up to the caller.
    func surrender() throws(RegistryError) -> Ingest {
        guard let open = ingest.withLock({ $0.take() }) else { throw Self.unknown(id) }
        return open
    }

    static func unknown(_ id: String) -> RegistryError {
        RegistryError(.blobUploadUnknown, "there is no upload \(id.prefix(64)): begin a new one")
    }
}

/// The uploads that this process has open, and which of them a request has in hand.
final class UploadTable: Sendable {
    private struct Entry { let upload: Upload; var isInHand: Bool }

    /// Each holds a file open. What rests beyond is closed, and read again when it is wanted.
    static let restingLimit = 256

    private let entries = Mutex<[String: Entry]>([:])

    enum Claim: Sendable { case taken(Upload), busy, unknown }

    func claim(_ id: String) -> Claim {
        entries.withLock { entries in
            guard let entry = entries[id] else { return .unknown }
            guard !entry.isInHand else { return .busy }
            entries[id]?.isInHand = true
            return .taken(entry.upload)
        }
    }

    /// False when another request was quicker to open the same upload.
    func addInHand(_ upload: Upload) -> Bool {
        entries.withLock { entries in
            guard entries[upload.id] == nil else { return false }
            entries[upload.id] = Entry(upload: upload, isInHand: true)
            return true
        }
    }

    /// Lets go of an upload; answers those that are to be closed, because too many rest.
    func rest(_ upload: Upload) -> Upload? {
        entries.withLock { entries in
            entries[upload.id]?.isInHand = false
            let resting = entries.values.filter { !$0.isInHand }
            guard resting.count > Self.restingLimit, let other = resting.first else { return nil }
            entries[other.upload.id] = nil
            return other.upload
        }
    }

    func remove(_ upload: Upload) { entries.withLock { $0[upload.id] = nil } }

    /// Takes all that rest out of the table.
    func removeResting() -> [Upload] {
        entries.withLock { entries in
            let resting = entries.values.filter { !$0.isInHand }.map(\.upload)
            for upload in resting { entries[upload.id] = nil }
            return resting
        }
    }
}
