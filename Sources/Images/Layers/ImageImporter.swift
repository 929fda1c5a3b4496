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
            let layer = try store.ingestLayer(from: archive, limits, holding: lease)
            guard layer.entries > 0 else { throw .malformed("is empty: a root filesystem is expected") }
            return try makeImage(layer, lease)
        } catch {
            lease.abandon()
            throw error
        }
    }

    private func makeImage(_ layer: IngestedLayer, _ lease: ContentLease) throws(LayerError) -> ArchivedImage {
        let history = History(created: created, comment: message ?? "Imported from -")
        let config = try store.addConfiguration(
            ImageConfiguration(
                platform: platform, config: defaults, diffIDs: [layer.diffID], history: [history], created: created),
            holding: lease)
        let manifest = Manifest(config: config, layers: [layer.descriptor])
        return ArchivedImage(
            references: [], manifest: try store.addManifest(manifest, holding: lease), configuration: config)
    }
}
