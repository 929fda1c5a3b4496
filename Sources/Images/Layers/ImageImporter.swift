public import ContentStore
public import ImageSpec
public import LinuxKernel

/// Makes an image of one layer from a root filesystem archive, as `docker import` does.
public struct ImageImporter: Sendable {
    public let store: ContentStore
    public var platform: Platform
    /// The configuration that `--change` made.
    public var defaults: ContainerDefaults
    public var message: String?
    /// RFC 3339.
    public var created: String
    public var limits: LayerLimits

    /// `changes` are lines of a Dockerfile: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `LABEL`, `STOPSIGNAL`, `USER`,
    /// `VOLUME`, `WORKDIR`.
    public init(
        store: ContentStore, created: String, platform: Platform = .host, changes: [String] = [],
        message: String? = nil, limits: LayerLimits = LayerLimits()
    ) throws(LayerError) {
        self.store = store
        self.created = created
        self.platform = platform
        self.defaults = ContainerDefaults()
        self.message = message
        self.limits = limits
    }

    /// Reads a root filesystem archive, plain or compressed, from `archive`, which may be a pipe.
    public func read(from archive: Descriptor) throws(LayerError) -> ArchivedImage { throw .malformed("not yet") }
}
