public import ImageSpec
public import LinuxKernel

/// Contents by digest, on disk. What is in it is whole and was verified when it came; nothing else has a name there.
///
/// All calls block, and may be made from any thread. Two threads may write the same content at once: both succeed,
/// and one copy stays.
public final class ContentStore: Sendable {
    /// The store's directory, for messages.
    public let path: String
    let root: OwnedDescriptor
    let leases = LeaseTable()
    private let lock: OwnedDescriptor

    /// Opens the store at `path`, making what is missing, and removes what an interrupted ingest left there.
    public init(opening path: String) throws(ContentStoreError) {
        self.path = path
        root = try storing { () throws(SystemError) in
            try Descriptor.workingDirectory.makeDirectories(path, mode: ContentStoreLayout.directoryMode)
            return try Descriptor.workingDirectory.open(path, [.directory])
        }
        let directory = root.descriptor
        lock = try storing { () throws(SystemError) in
            try directory.changeMode(to: ContentStoreLayout.directoryMode)
            return try directory.open(
                ContentStoreLayout.lock, [.readWrite, .create], mode: ContentStoreLayout.fileMode)
        }
        guard try Self.take(lock.descriptor) else { throw .inUse(path: path) }
        try storing { () throws(SystemError) in try Self.prepare(directory) }
    }

    private static func take(_ lock: Descriptor) throws(ContentStoreError) -> Bool {
        try storing { () throws(SystemError) in try lock.lock(.exclusive, wait: false) }
    }

    private static func prepare(_ root: Descriptor) throws(SystemError) {
        for name in ContentStoreLayout.directories {
            try root.makeDirectories(name, mode: ContentStoreLayout.directoryMode)
        }
        for (name, _) in try root.entries(of: ContentStoreLayout.ingest) {
            try root.removeTree("\(ContentStoreLayout.ingest)/\(name)")
        }
    }
}

// MARK: Writing

extension ContentStore {
    /// Starts to write a content. It is in the store only after ``Ingest/commit(expecting:size:)``.
    /// `lease` holds it from then on.
    public func begin(_ algorithm: Digest.Algorithm = .sha256, holding lease: ContentLease? = nil)
        throws(ContentStoreError) -> Ingest
    {
        try Ingest(self, algorithm, lease)
    }

    /// Starts to write a content that may come in several goes, at `place` below the store, in a directory that is
    /// there. Nobody but its owner removes what is there.
    public func begin(at place: String, _ algorithm: Digest.Algorithm = .sha256, holding lease: ContentLease? = nil)
        throws(ContentStoreError) -> Ingest
    {
        try Ingest(self, algorithm, lease, at: place)
    }

    /// Goes on with the content that was begun at `place`. What is there is read and hashed again.
    public func resume(
        _ place: String, _ algorithm: Digest.Algorithm = .sha256, holding lease: ContentLease? = nil
    ) throws(ContentStoreError) -> Ingest { try Ingest(resuming: place, self, algorithm, lease) }

    /// Puts `bytes` into the store.
    @discardableResult
    public func add(_ bytes: [UInt8], expecting expected: Digest? = nil, holding lease: ContentLease? = nil)
        throws(ContentStoreError) -> Digest
    {
        let digest = try Digest.of(bytes, expected?.algorithm ?? .sha256)
        if let expected, expected != digest { throw .digestMismatch(expected: expected, actual: digest) }
        lease?.hold(digest)
        if contains(digest, size: Int64(bytes.count)) { return digest }
        var ingest = try begin(digest.algorithm, holding: lease)
        try ingest.write(bytes)
        return try ingest.commit(expecting: digest, size: Int64(bytes.count)).digest
    }

    /// Removes a content; what is not there is no error.
    public func delete(_ digest: Digest) throws(ContentStoreError) {
        let root = root.descriptor
        do { try root.removeFile(ContentStoreLayout.blob(digest)) } catch {
            if error.errno != .noEntry { throw .system(error) }
        }
    }

    /// Moves a content that is not what its name says out of the way, and answers where it is now.
    @discardableResult
    public func setAside(_ digest: Digest) throws(ContentStoreError) -> String {
        let root = root.descriptor
        let place = ContentStoreLayout.damaged(digest)
        try storing { () throws(SystemError) in try root.rename(ContentStoreLayout.blob(digest), to: place) }
        return "\(path)/\(place)"
    }
}

// MARK: Reading

/// A content in the store.
public struct StoredContent: Hashable, Sendable {
    public let digest: Digest
    /// In bytes.
    public let size: Int64

    public init(digest: Digest, size: Int64) {
        self.digest = digest
        self.size = size
    }
}

extension ContentStore {
    public func contains(_ digest: Digest) -> Bool { (try? size(of: digest)) != nil }

    /// Whether a content is there, with this size.
    public func contains(_ digest: Digest, size: Int64) -> Bool { (try? self.size(of: digest)) == size }

    /// A content's size in bytes.
    public func size(of digest: Digest) throws(ContentStoreError) -> Int64 {
        let root = root.descriptor
        do { return try root.status(of: ContentStoreLayout.blob(digest), followingLinks: false).size } catch {
            throw error.errno == .noEntry ? .notFound(digest) : .system(error)
        }
    }

    /// Opens a content for reading. What is read is not verified again; see ``verify(_:)``.
    public func open(_ digest: Digest) throws(ContentStoreError) -> OwnedDescriptor {
        let root = root.descriptor
        do { return try root.open(ContentStoreLayout.blob(digest), [.noFollow]) } catch {
            throw error.errno == .noEntry ? .notFound(digest) : .system(error)
        }
    }

    /// A whole content, verified: for manifests, indexes and configurations.
    public func read(_ digest: Digest, limit: Int = maximumDocumentSize) throws(ContentStoreError) -> [UInt8] {
        let file = try open(digest)
        let size = try size(of: digest)
        guard size <= limit else { throw .tooLarge(subject: digest.description, limit: Int64(limit)) }
        let descriptor = file.descriptor
        let bytes = try storing { () throws(SystemError) in try descriptor.readAll(limit: limit) }
        guard try Digest.of(bytes, digest.algorithm) == digest else {
            throw .damaged(digest, path: try setAside(digest))
        }
        return bytes
    }

    /// The content that `descriptor` describes, verified by digest and size.
    public func read(_ descriptor: ContentDescriptor) throws(ContentStoreError) -> [UInt8] {
        let bytes = try read(descriptor.digest)
        guard bytes.count == descriptor.size else {
            throw .sizeMismatch(
                subject: descriptor.digest.description, expected: descriptor.size, actual: Int64(bytes.count))
        }
        return bytes
    }

    /// Reads a whole content and holds it against its name; what is damaged is set aside and thrown.
    public func verify(_ digest: Digest) throws(ContentStoreError) {
        let file = try open(digest)
        var hasher = try DigestHasher(digest.algorithm)
        _ = try hasher.update(readingAll: file.descriptor)
        guard try hasher.finish() == digest else { throw .damaged(digest, path: try setAside(digest)) }
    }

    /// Everything in the store, in no order.
    public func list() throws(ContentStoreError) -> [StoredContent] {
        var contents: [StoredContent] = []
        for algorithm in Digest.Algorithm.allCases {
            let root = root.descriptor
            let names = try storing { () throws(SystemError) in
                try root.entries(of: ContentStoreLayout.directory(of: algorithm))
            }
            for (name, _) in names {
                guard let digest = try? Digest(algorithm, encoded: name), let size = try? size(of: digest) else {
                    continue
                }
                contents.append(StoredContent(digest: digest, size: size))
            }
        }
        return contents
    }
}
