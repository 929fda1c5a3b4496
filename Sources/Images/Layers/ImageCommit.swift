public import ContentStore
public import ImageSpec
public import LinuxKernel

/// Makes an image of another one and a layer above it, as `docker commit` does.
public struct ImageCommit: Sendable {
    public let store: ContentStore
    /// What containers of the image start with.
    public let defaults: ContainerDefaults
    public let step: History

    /// `defaults` are those of the container; `changes` are lines of a Dockerfile, as for ``ImageImporter``. `step` tells
    /// how the layer came to be.
    public init(store: ContentStore, defaults: ContainerDefaults, changes: [String], step: History) throws(LayerError) {
        var defaults = defaults
        for line in changes { try defaults.apply(change: line) }
        (self.store, self.defaults, self.step) = (store, defaults, step)
    }

    /// Puts the layer that the archive in `file` is above the image, and the new image's contents into the store, held
    /// by `lease`.
    public func make(
        above manifest: Manifest, _ configuration: ImageConfiguration, layer file: Descriptor,
        holding lease: ContentLease
    ) throws(LayerError) -> ArchivedImage {
        let layer = try store.ingestLayer(from: file, LayerLimits(), holding: lease)
        var configuration = configuration
        configuration.config = defaults
        configuration.created = step.created
        configuration.author = step.author
        configuration.rootfs.diffIDs.append(layer.diffID)
        configuration.history = (configuration.history ?? []) + [step]
        let config = try store.addConfiguration(configuration, holding: lease)
        let image = Manifest(config: config, layers: manifest.layers.map(\.described) + [layer.descriptor])
        return ArchivedImage(
            references: [], manifest: try store.addManifest(image, holding: lease), configuration: config)
    }
}

extension ContentDescriptor {
    /// Without what another manifest said of it.
    fileprivate var described: ContentDescriptor {
        ContentDescriptor(mediaType: mediaType.inOCI, digest: digest, size: size)
    }
}

extension MediaType {
    /// The name that image-spec has for docker's type of a layer, which is the same.
    fileprivate var inOCI: MediaType {
        switch self {
        case .dockerLayerGzip: .ociLayerGzip
        case .dockerLayer: .ociLayer
        default: self
        }
    }
}

/// A layer in the store.
struct IngestedLayer {
    let descriptor: ContentDescriptor
    let diffID: Digest
    /// How many names the archive has.
    let entries: Int
}

extension ContentStore {
    /// Reads a layer's archive, plain or compressed, from `archive`, which may be a pipe.
    func ingestLayer(from archive: Descriptor, _ limits: LayerLimits, holding lease: ContentLease) throws(LayerError)
        -> IngestedLayer
    {
        let layer: StoredContent
        do {
            var ingest = try begin(holding: lease)
            try ingest.copy(from: archive, limit: limits.size)
            layer = try ingest.commit()
        } catch { throw .content(error) }
        return try examine(layer, limits)
    }

    /// Reads the layer once to its end: what is no tar archive, or breaks off, is no image.
    private func examine(_ layer: StoredContent, _ limits: LayerLimits) throws(LayerError) -> IngestedLayer {
        let file = try storing { () throws(ContentStoreError) in try open(layer.digest) }
        var tar = TarReader(try LayerStream(file.descriptor, limits: limits), limits: limits)
        while let entry = try tar.next() { _ = try EntryPath(entry.path) }
        let (entries, type) = (tar.entries, try layerType(of: layer.digest))
        return IngestedLayer(
            descriptor: ContentDescriptor(mediaType: type, digest: layer.digest, size: layer.size),
            diffID: try tar.finish(), entries: entries)
    }

    func addConfiguration(_ configuration: ImageConfiguration, holding lease: ContentLease) throws(LayerError)
        -> ContentDescriptor
    {
        let bytes = try parsing { () throws(ImageSpecError) in
            try encodeDocument(configuration, subject: "image configuration")
        }
        let digest = try storing { () throws(ContentStoreError) in try add(bytes, holding: lease) }
        return ContentDescriptor(mediaType: .ociConfiguration, digest: digest, size: Int64(bytes.count))
    }
}
