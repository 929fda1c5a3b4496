public import ImageSpec
public import LinuxKernel

/// A content that is being written: begin, write, then commit or cancel. Without a commit it leaves nothing behind.
///
/// The bytes are hashed on their way to a temporary file. A commit makes the file last (fsync), gives it its digest
/// for a name (rename) and makes the name last (fsync of the directory), in this order: after a power cut the store
/// holds the whole content or nothing of it.
public struct Ingest: ~Copyable {
    static let bufferSize = 256 * 1024

    private let store: ContentStore
    private let lease: ContentLease?
    private let name: String
    private let file: OwnedDescriptor
    private var hasher: DigestHasher
    /// Bytes written so far.
    public private(set) var size: Int64 = 0
    private var isCommitted = false

    init(_ store: ContentStore, _ algorithm: Digest.Algorithm, _ lease: ContentLease?) throws(ContentStoreError) {
        let name = ContentStoreLayout.newIngest()
        let hasher = try DigestHasher(algorithm)
        let file = try storing { () throws(SystemError) in
            try store.root.descriptor.open(
                name, [.writeOnly, .create, .exclusive, .noFollow], mode: ContentStoreLayout.fileMode)
        }
        self.store = store
        self.lease = lease
        self.name = name
        self.hasher = hasher
        self.file = file
    }

    deinit {
        if !isCommitted { try? store.root.descriptor.removeFile(name) }
    }

    public mutating func write(_ bytes: Span<UInt8>) throws(ContentStoreError) {
        hasher.update(bytes)
        do { try file.descriptor.writeAll(bytes) } catch {
            throw .system(SystemError(error.errno, "write", "\(store.path)/\(name)"))
        }
        size += Int64(bytes.count)
    }

    public mutating func write(_ bytes: [UInt8]) throws(ContentStoreError) { try write(bytes.span) }

    /// Writes all that `source` gives to its end; more than `limit` bytes is ``ContentStoreError/tooLarge(subject:limit:)``.
    public mutating func copy(from source: Descriptor, limit: Int64 = .max) throws(ContentStoreError) {
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        while true {
            let count = try storing { () throws(SystemError) in try source.read(over: &buffer) }
            if count == 0 { return }
            try write(buffer.span.extracting(0..<count))
            if size > limit { throw .tooLarge(subject: "being written", limit: limit) }
        }
    }

    /// Throws the content away.
    public consuming func cancel() {}

    /// Puts the content into the store, if it is what was expected, and answers its name and size.
    public consuming func commit(expecting expected: Digest? = nil, size expectedSize: Int64? = nil)
        throws(ContentStoreError) -> StoredContent
    {
        let digest = try hasher.finish()
        let content = StoredContent(digest: digest, size: size)
        if let expectedSize, expectedSize != size {
            let subject = (expected ?? digest).description
            throw .sizeMismatch(subject: subject, expected: expectedSize, actual: size)
        }
        if let expected, expected != digest { throw .digestMismatch(expected: expected, actual: digest) }
        lease?.hold(digest)
        if store.contains(digest, size: size) { return content }
        do { try settle(as: digest) } catch { throw .system(error) }
        isCommitted = true
        lease?.noteAdded(digest)
        return content
    }

    private func settle(as digest: Digest) throws(SystemError) {
        let root = store.root.descriptor
        let place = ContentStoreLayout.blob(digest)
        try file.descriptor.synchronize(name)
        try root.rename(name, to: place)
        try root.synchronizeParent(of: place)
    }
}
