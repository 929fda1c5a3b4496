public import ContentStore
public import ImageSpec
public import LinuxKernel

/// An image that an archive held, now in the content store.
public struct ArchivedImage: Hashable, Sendable {
    /// What the archive calls it; none for an image without a name.
    public let references: [ImageReference]
    /// Its manifest, for the platform that was asked for.
    public let manifest: ContentDescriptor
    /// Its configuration, whose digest is the image's ID.
    public let configuration: ContentDescriptor
}

/// Reads image archives into a content store: OCI layouts and what `docker save`, podman and skopeo write.
public struct ImageArchiveReader: Sendable {
    public let store: ContentStore
    /// Which image of an index is taken.
    public var platform: Platform
    public var limits: LayerLimits

    public init(store: ContentStore, platform: Platform = .host, limits: LayerLimits = LayerLimits()) {
        self.store = store
        self.platform = platform
        self.limits = limits
    }

    /// Reads an archive in one pass from `archive`, which may be a pipe, plain or compressed. Every content that the
    /// images refer to is in the store afterwards, verified.
    public func read(from archive: Descriptor) throws(LayerError) -> [ArchivedImage] { throw .malformed("not yet") }

    /// Reads the OCI layout that `directory` is.
    public func read(layout directory: Descriptor) throws(LayerError) -> [ArchivedImage] {
        throw .malformed("not yet")
    }
}
