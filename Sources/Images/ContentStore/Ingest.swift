public import ImageSpec
public import LinuxKernel

/// A content that is being written: begin, write, then commit or cancel. Without a commit it leaves nothing behind.
///
/// The bytes are hashed on their way to a temporary file. A commit makes the file last (fsync), gives it its digest
/// for a name (rename) and makes the name last (fsync of the directory), in this order: after a power cut the store
/// holds the whole content or nothing of it.
///
/// One that was begun at a place of its own can be suspended and resumed, by this process or a later one.
public struct Ingest: ~Copyable, Sendable {
    static let bufferSize = 256 * 1024

    private let store: ContentStore
    private let lease: ContentLease?
    /// Below the store.
    private let name: String
    private let file: OwnedDescriptor
    private var hasher: DigestHasher
    /// Bytes written so far.
    public private(set) var size: Int64 = 0
    /// The temporary file stays, or has become a content.
    private var isKept = false

    init(_ store: ContentStore, _ algorithm: Digest.Algorithm, _ lease: ContentLease?, at place: String? = nil)
        throws(ContentStoreError)
    {
        let name = place ?? ContentStoreLayout.newIngest()
        let hasher = try DigestHasher(algorithm)
        let file = try storing { () throws(SystemError) in
            try store.root.descriptor.open(
                name, [.readWrite, .create, .exclusive, .noFollow], mode: ContentStoreLayout.fileMode)
        }
        self.store = store
        self.lease = lease
        self.name = name
        self.hasher = hasher
        self.file = file
    }

    /// Goes on where the ingest at `place` was suspended, or was when its process died.
    init(resuming place: String, _ store: ContentStore, _ algorithm: Digest.Algorithm, _ lease: ContentLease?)
        throws(ContentStoreError)
    {
        let file = try storing { () throws(SystemError) in
            try store.root.descriptor.open(place, [.readWrite, .noFollow])
        }
        // What is there is not lost because it cannot be read now: until all is well nothing owns it.
        var hasher = try DigestHasher(algorithm)
        let size = try hasher.update(readingAll: file.descriptor)
        self.store = store
        self.lease = lease
        name = place
        self.hasher = hasher
        self.file = file
        self.size = size
    }

    deinit {
        if !isKept { try? store.root.descriptor.removeFile(name) }
    }

    /// What the digest is computed with. Another one costs reading again what was written so far.
    public mutating func use(_ algorithm: Digest.Algorithm) throws(ContentStoreError) {
        if algorithm != hasher.algorithm { try rehash(as: algorithm) }
    }

    private mutating func rehash(as algorithm: Digest.Algorithm) throws(ContentStoreError) {
        let descriptor = file.descriptor
        try storing { () throws(SystemError) in try descriptor.seek(to: 0) }
        hasher = try DigestHasher(algorithm)
        size = try hasher.update(readingAll: descriptor)
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

    /// Leaves what was written where it is, for ``ContentStore/resume(_:_:holding:)``.
    public consuming func suspend() { isKept = true }

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
        isKept = true
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
