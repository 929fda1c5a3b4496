public import ContentStore
public import ImageSpec
public import LinuxKernel

/// An image that goes into an archive.
public struct ArchivableImage: Hashable, Sendable {
    public let manifest: ContentDescriptor
    /// What the archive calls it; none for an image without a name.
    public let references: [ImageReference]

    public init(manifest: ContentDescriptor, references: [ImageReference]) {
        self.manifest = manifest
        self.references = references
    }
}

/// Writes images out of a content store as one tar archive that is both an OCI layout (image-spec 1.1, image-layout.md)
/// and, by its `manifest.json`, what `docker load` reads. Contents go as they lie in the store, so that digests stay;
/// the same images give the same bytes.
public struct ImageArchiveWriter: Sendable {
    public let store: ContentStore

    public init(store: ContentStore) { self.store = store }

    /// Writes to `output`, which may be a pipe. All that the images refer to must be in the store, and stay.
    public func write(_ images: [ArchivableImage], to output: Descriptor) throws(LayerError) {
        var archive = try TarOutput(output)
        var written: Set<Digest> = []
        var items: [DockerArchiveItem] = []
        for image in images {
            let manifest = try read(image.manifest)
            for content in [image.manifest, manifest.config] + manifest.layers
            where written.insert(content.digest).inserted {
                try add(content, to: &archive)
            }
            items.append(Self.item(image, manifest))
        }
        try archive.add(ImageLayout.markerFile, try Self.document(ImageLayoutMarker()))
        try archive.add(ImageLayout.indexFile, try Self.document(Index(manifests: images.flatMap(Self.entries))))
        try archive.add(DockerArchiveItem.manifestFile, try Self.document(items))
        try archive.finish()
    }

    private func read(_ descriptor: ContentDescriptor) throws(LayerError) -> Manifest {
        let bytes = try storing { () throws(ContentStoreError) in try store.read(descriptor) }
        let document = try parsing { () throws(ImageSpecError) in
            try ManifestDocument(parsing: bytes, declared: descriptor.mediaType, subject: "\(descriptor.digest)")
        }
        guard case .manifest(let manifest) = document else {
            throw .noImage("\(descriptor.digest) is an index, where the manifest of an image is expected")
        }
        return manifest
    }

    private func add(_ content: ContentDescriptor, to archive: inout TarOutput) throws(LayerError) {
        let file = try storing { () throws(ContentStoreError) in try store.open(content.digest) }
        try archive.add(ImageLayout.path(of: content.digest), size: content.size, from: file.descriptor)
    }

    // MARK: Documents

    /// An entry of the index for each name, as containerd and docker write and read them.
    private static func entries(_ image: ArchivableImage) -> [ContentDescriptor] {
        var entry = image.manifest
        // Of the index that it came from: the name that it had there, for example.
        entry.annotations = nil
        guard !image.references.isEmpty else { return [entry] }
        return image.references.map { reference in
            entry.annotations = [
                AnnotationKey.containerdImageName: "\(reference)",
                AnnotationKey.referenceName: reference.tag ?? ImageReference.defaultTag,
            ]
            return entry
        }
    }

    private static func item(_ image: ArchivableImage, _ manifest: Manifest) -> DockerArchiveItem {
        DockerArchiveItem(
            config: ImageLayout.path(of: manifest.config.digest), repositoryTags: image.references.map(\.familiar),
            layers: manifest.layers.map { ImageLayout.path(of: $0.digest) })
    }

    private static func document(_ value: some Encodable) throws(LayerError) -> [UInt8] {
        try parsing { () throws(ImageSpecError) in try encodeDocument(value, subject: "image archive") }
    }
}
