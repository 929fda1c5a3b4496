internal import ContentStore
internal import ImageSpec
internal import LinuxKernel

/// What an image archive holds, as it is read from front to back. Blobs go straight into the content store, and so
/// does every other large file, since only the documents say what it is and they may come last.
final class ArchiveContents {
    /// Files that are kept in memory: documents, and what old formats put beside them.
    private static let smallFile: Int64 = 1 << 20
    private static let memoryLimit = 64 << 20

    let store: ContentStore
    let lease: ContentLease
    private var small: [String: [UInt8]] = [:]
    private var large: [String: StoredContent] = [:]
    /// Links of either kind, by the paths that they lead to.
    private var links: [String: String] = [:]
    private var memory = 0

    init(store: ContentStore, lease: ContentLease) {
        self.store = store
        self.lease = lease
    }

    // MARK: Reading archives

    func read(_ archive: Descriptor, limits: LayerLimits) throws(LayerError) {
        var tar = TarReader(try LayerStream(archive, limits: limits), limits: limits)
        while let entry = try tar.next() {
            let path = try EntryPath(entry.path)
            let name = String(decoding: path.bytes, as: UTF8.self)
            switch entry.kind {
            case .regular: try add(name, entry, from: &tar)
            case .symbolicLink: try addLink(name, to: path.directory + [0x2f] + entry.linkPath)
            case .hardLink: try addLink(name, to: entry.linkPath)
            default: break
            }
        }
        _ = try tar.finish()
    }

    private func add(_ name: String, _ entry: TarEntry, from tar: inout TarReader) throws(LayerError) {
        if let digest = ImageLayout.digest(ofPath: name) {
            lease.hold(digest)
            if store.contains(digest, size: entry.size) { return }
            _ = try ingest(from: &tar, digest.algorithm, expecting: digest)
        } else if entry.size <= Self.smallFile || Self.isDocument(name) {
            try addSmall(name, try tar.contentBytes(limit: maximumDocumentSize))
        } else {
            large[name] = try ingest(from: &tar, .sha256, expecting: nil)
        }
    }

    private static func isDocument(_ name: String) -> Bool {
        [ImageLayout.indexFile, ImageLayout.markerFile, DockerArchiveItem.manifestFile].contains(name)
    }

    private func ingest(from tar: inout TarReader, _ algorithm: Digest.Algorithm, expecting digest: Digest?)
        throws(LayerError) -> StoredContent
    {
        var ingest = try storing { () throws(ContentStoreError) in try store.begin(algorithm, holding: lease) }
        try tar.content { (span) throws(LayerError) in
            try storing { () throws(ContentStoreError) in try ingest.write(span) }
        }
        do { return try ingest.commit(expecting: digest) } catch { throw .content(error) }
    }

    private func addSmall(_ name: String, _ bytes: [UInt8]) throws(LayerError) {
        try account(name.utf8.count + bytes.count)
        small[name] = bytes
    }

    private func addLink(_ name: String, to target: [UInt8]) throws(LayerError) {
        let path = String(decoding: try EntryPath(target).bytes, as: UTF8.self)
        try account(name.utf8.count + path.utf8.count)
        links[name] = path
    }

    private func account(_ bytes: Int) throws(LayerError) {
        memory += bytes + 64
        if memory > Self.memoryLimit { throw .tooLarge("more than \(Self.memoryLimit) bytes of small files") }
    }

    // MARK: Reading directories

    func read(layout directory: Descriptor) throws(LayerError) {
        for name in [ImageLayout.markerFile, ImageLayout.indexFile, DockerArchiveItem.manifestFile] {
            let isThere = try reaching { () throws(SystemError) in try directory.exists(name) }
            guard isThere else { continue }
            let bytes = try reaching { () throws(SystemError) in
                let file = try Self.open(name, in: directory)
                return try file.descriptor.readAll(limit: maximumDocumentSize)
            }
            try addSmall(name, bytes)
        }
        for algorithm in Digest.Algorithm.allCases { try addBlobs(algorithm, of: directory) }
    }

    private func addBlobs(_ algorithm: Digest.Algorithm, of directory: Descriptor) throws(LayerError) {
        let place = "\(ImageLayout.blobsDirectory)/\(algorithm.rawValue)"
        let names = try reaching { () throws(SystemError) in
            try directory.exists(place) ? try directory.entries(of: place).map(\.name) : []
        }
        for digest in names.compactMap({ try? Digest(algorithm, encoded: $0) }) {
            lease.hold(digest)
            if !store.contains(digest) { try addBlob(digest, of: directory) }
        }
    }

    private func addBlob(_ digest: Digest, of directory: Descriptor) throws(LayerError) {
        let file = try reaching { () throws(SystemError) in try Self.open(ImageLayout.path(of: digest), in: directory) }
        var ingest = try storing { () throws(ContentStoreError) in try store.begin(digest.algorithm, holding: lease) }
        let source = file.descriptor
        try storing { () throws(ContentStoreError) in try ingest.copy(from: source) }
        do { _ = try ingest.commit(expecting: digest) } catch { throw .content(error) }
    }

    /// A file of a layout: not a link that leads out of it, and not a pipe that never ends.
    private static func open(_ path: String, in directory: Descriptor) throws(SystemError) -> OwnedDescriptor {
        let file = try directory.open(path, [.readOnly, .nonBlocking], resolving: [.beneath, .noMagicLinks])
        guard try file.descriptor.status().kind == .regular else { throw SystemError(.invalid, "read", path) }
        return file
    }
}

// MARK: What it holds

extension ArchiveContents {
    /// A document by its name; nil if there is none.
    func document(_ name: String) throws(LayerError) -> [UInt8]? {
        guard let bytes = small[try followed(name)] else { return nil }
        return bytes
    }

    /// The content of a file, in the store.
    func content(_ name: String) throws(LayerError) -> StoredContent {
        let path = try followed(String(decoding: try EntryPath(Array(name.utf8)).bytes, as: UTF8.self))
        if let content = large[path] { return content }
        if let bytes = small[path] {
            return try storing { () throws(ContentStoreError) in
                let digest = try store.add(bytes, holding: lease)
                return StoredContent(digest: digest, size: Int64(bytes.count))
            }
        }
        guard let digest = ImageLayout.digest(ofPath: path), store.contains(digest) else {
            throw .noImage("\(quoted(name)) is not in it")
        }
        return try storing { () throws(ContentStoreError) in
            StoredContent(digest: digest, size: try store.size(of: digest))
        }
    }

    /// The content that a descriptor describes, verified; for manifests, indexes and configurations.
    func read(_ descriptor: ContentDescriptor) throws(LayerError) -> [UInt8] {
        try storing { () throws(ContentStoreError) in try store.read(descriptor) }
    }

    /// Refuses a descriptor whose content is not there with its size. The digest was verified when it came.
    func verify(_ descriptor: ContentDescriptor) throws(LayerError) {
        lease.hold(descriptor.digest)
        try storing { () throws(ContentStoreError) in
            let size = try store.size(of: descriptor.digest)
            guard size == descriptor.size else {
                throw .sizeMismatch(subject: descriptor.digest.description, expected: descriptor.size, actual: size)
            }
        }
    }

    private func followed(_ path: String) throws(LayerError) -> String {
        var path = path
        for _ in 0..<40 {
            guard let target = links[path] else { return path }
            path = target
        }
        throw .malformed("\(quoted(path)): too many links")
    }

    /// Large files that turned out to be no part of an image go again.
    func dropUnused(by images: [ArchivedImage]) {
        var used: Set<Digest> = []
        for image in images { used.formUnion((try? store.contents(ofManifest: image.manifest.digest)) ?? []) }
        for content in large.values where !used.contains(content.digest) { lease.abandon(content.digest) }
    }
}

/// What was given, cut short so that a hostile value cannot fill a terminal, and without control characters.
func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.prefix(160).map { $0.value < 0x20 || $0.value == 0x7f ? "?" : String($0) }.joined()
        + "\""
}
