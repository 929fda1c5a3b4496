public import ContentStore
public import ImageSpec
public import LinuxKernel

/// Makes an image of one layer from a root filesystem archive, as `docker import` does.
public struct ImageImporter: Sendable {
    public let store: ContentStore
    public var platform: Platform
    /// What containers of the image start with; `--change` makes it.
    public var defaults: ContainerDefaults
    public var message: String?
    /// RFC 3339.
    public var created: String
    public var limits: LayerLimits

    /// `changes` are lines of a Dockerfile: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `HEALTHCHECK`, `LABEL`, `ONBUILD`,
    /// `STOPSIGNAL`, `USER`, `VOLUME`, `WORKDIR`.
    public init(
        store: ContentStore, created: String, platform: Platform = .host, changes: [String] = [],
        message: String? = nil, limits: LayerLimits = LayerLimits()
    ) throws(LayerError) {
        self.store = store
        self.created = created
        self.platform = platform
        self.message = message
        self.limits = limits
        defaults = ContainerDefaults()
        for line in changes { try defaults.apply(change: line) }
    }

    /// Reads a root filesystem archive, plain or compressed, from `archive`, which may be a pipe. The image's
    /// contents are in the store afterwards, held by `lease`.
    public func read(from archive: Descriptor, holding lease: ContentLease? = nil) throws(LayerError) -> ArchivedImage {
        let lease = lease ?? store.lease()
        do throws(LayerError) {
            let layer = try ingest(archive, lease)
            let diffID = try diffID(of: layer.digest)
            return try makeImage(layer, diffID, lease)
        } catch {
            lease.abandon()
            throw error
        }
    }

    private func ingest(_ archive: Descriptor, _ lease: ContentLease) throws(LayerError) -> StoredContent {
        do {
            var ingest = try store.begin(holding: lease)
            try ingest.copy(from: archive, limit: limits.size)
            return try ingest.commit()
        } catch { throw .content(error) }
    }

    /// Reads the layer once to its end: what is no tar archive, or breaks off, is no image.
    private func diffID(of digest: Digest) throws(LayerError) -> Digest {
        let file = try storing { () throws(ContentStoreError) in try store.open(digest) }
        var tar = TarReader(try LayerStream(file.descriptor, limits: limits), limits: limits)
        while let entry = try tar.next() { _ = try EntryPath(entry.path) }
        guard tar.entries > 0 else { throw .malformed("is empty: a root filesystem is expected") }
        return try tar.finish()
    }

    private func makeImage(_ layer: StoredContent, _ diffID: Digest, _ lease: ContentLease)
        throws(LayerError) -> ArchivedImage
    {
        let history = History(created: created, comment: message ?? "Imported from -")
        let configuration = ImageConfiguration(
            platform: platform, config: defaults, diffIDs: [diffID], history: [history], created: created)
        let bytes = try parsing { () throws(ImageSpecError) in
            try encodeDocument(configuration, subject: "image configuration")
        }
        let digest = try storing { () throws(ContentStoreError) in try store.add(bytes, holding: lease) }
        let manifest = Manifest(
            config: ContentDescriptor(mediaType: .ociConfiguration, digest: digest, size: Int64(bytes.count)),
            layers: [
                ContentDescriptor(
                    mediaType: try store.layerType(of: layer.digest), digest: layer.digest, size: layer.size)
            ])
        return ArchivedImage(
            references: [], manifest: try store.addManifest(manifest, holding: lease), configuration: manifest.config)
    }
}
