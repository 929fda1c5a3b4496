internal import ContentStore
internal import ImageSpec
internal import LinuxKernel
internal import Synchronization

/// One repository on disk. Its index is read once and then written through: one writer at a time, and no reader waits
/// for the disk.
final class Repository: Sendable {
    let name: RepositoryName
    private let contents: ContentStore
    private let root: Descriptor
    private let index: Mutex<RepositoryIndex>
    private let writing = Mutex(())

    /// The repository `name`; nil when nothing was ever pushed there. `root` is the content store's, and stays open.
    init?(opening name: RepositoryName, in contents: ContentStore, root: Descriptor) throws(RegistryError) {
        guard let index = try Self.read(name, root) else { return nil }
        self.name = name
        self.contents = contents
        self.root = root
        self.index = Mutex(index)
    }

    /// Makes an empty one; what a crash left half made is completed.
    init(making name: RepositoryName, in contents: ContentStore, root: Descriptor) throws(RegistryError) {
        self.name = name
        self.contents = contents
        self.root = root
        index = Mutex(RepositoryIndex())
        try onDisk { () throws(SystemError) in
            for algorithm in Digest.Algorithm.allCases {
                try root.makeDirectories(
                    RegistryLayout.blobs(algorithm, name), mode: RegistryLayout.directoryMode)
            }
        }
        try writeFile(RegistryLayout.marker(name), ImageLayoutMarker())
        try writeFile(RegistryLayout.index(name), RepositoryIndex().document)
    }

    private static func read(_ name: RepositoryName, _ root: Descriptor) throws(RegistryError) -> RepositoryIndex? {
        let path = RegistryLayout.index(name)
        let bytes: [UInt8]
        do { bytes = try root.readFile(path) } catch {
            guard error.errno != .noEntry else { return nil }
            throw RegistryError(error)
        }
        do { return RepositoryIndex(try decodeDocument(Index.self, from: bytes, subject: path, limit: .max)) } catch {
            throw RegistryError(.unknown, "\(error): the repository cannot be read", .ours)
        }
    }

    private func writeFile(_ path: String, _ document: some Encodable) throws(RegistryError) {
        let bytes: [UInt8]
        do { bytes = try encodeDocument(document, subject: path) } catch {
            throw RegistryError(.unknown, error.description, .ours)
        }
        try onDisk { () throws(SystemError) in try root.writeFileDurably(path, bytes) }
    }
}

// MARK: The index

extension Repository {
    func look<Value: Sendable>(_ body: (RepositoryIndex) -> Value) -> Value { index.withLock { body($0) } }

    /// Changes the index on disk, and then in memory.
    func change<Value: Sendable>(_ body: (inout RepositoryIndex) throws(RegistryError) -> Value)
        throws(RegistryError) -> Value
    {
        try writing.withLock { _ throws(RegistryError) in
            let old = look { $0 }
            var changed = old
            let value = try body(&changed)
            if changed != old { try writeFile(RegistryLayout.index(name), changed.document) }
            index.withLock { $0 = changed }
            return value
        }
    }
}

// MARK: Its contents

extension Repository {
    /// The size of a content that this repository has, in bytes.
    func size(of digest: Digest) throws(RegistryError) -> Int64? {
        do { return try root.status(of: RegistryLayout.blob(digest, name), followingLinks: false).size } catch {
            guard error.errno != .noEntry else { return nil }
            throw RegistryError(error)
        }
    }

    func has(_ digest: Digest) throws(RegistryError) -> Bool { try size(of: digest) != nil }

    /// Takes a content of the store in.
    func link(_ digest: Digest) throws(RegistryError) {
        let path = RegistryLayout.blob(digest, name)
        try asRegistry { () throws(ContentStoreError) in try contents.link(digest, to: path) }
    }

    /// Whether it was there. The content itself goes when no repository has it any more.
    func unlink(_ digest: Digest) throws(RegistryError) -> Bool {
        do { try root.removeFile(RegistryLayout.blob(digest, name)) } catch {
            guard error.errno != .noEntry else { return false }
            throw RegistryError(error)
        }
        return true
    }

    /// Makes the names of all contents outlast a power cut: before a manifest that counts on them does.
    func synchronizeContents() throws(RegistryError) {
        try onDisk { () throws(SystemError) in
            for algorithm in Digest.Algorithm.allCases {
                let path = RegistryLayout.blobs(algorithm, name)
                let directory = try root.open(path, [.directory])
                try directory.descriptor.synchronize(path)
            }
        }
    }

    /// The contents that the repository has, as far as their links last changed in this time.
    func list(changedBefore end: Timestamp? = nil, from start: Timestamp? = nil) throws(RegistryError) -> [Digest] {
        var found: [Digest] = []
        for algorithm in Digest.Algorithm.allCases {
            let path = RegistryLayout.blobs(algorithm, name)
            for (entry, _) in try onDisk({ () throws(SystemError) in try root.entries(of: path) }) {
                guard let digest = try? Digest(algorithm, encoded: entry),
                    let changed = try? root.status(of: "\(path)/\(entry)", followingLinks: false).changed.seconds
                else { continue }
                if changed < end?.seconds ?? .max, changed >= start?.seconds ?? .min { found.append(digest) }
            }
        }
        return found
    }
}
