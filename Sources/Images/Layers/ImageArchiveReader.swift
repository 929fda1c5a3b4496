public import ContentStore
public import ImageSpec
public import LinuxKernel

/// An image that an archive held, now in the content store.
public struct ArchivedImage: Hashable, Sendable {
    /// What the archive calls it, with `:latest` where it names no tag; none for an image without a name.
    public let references: [ImageReference]
    /// Its manifest, for the platform that was asked for.
    public let manifest: ContentDescriptor
    /// Its configuration, whose digest is the image's ID.
    public let configuration: ContentDescriptor
}

/// Reads image archives into a content store: OCI layouts (image-spec 1.1, image-layout.md), and what `docker save`,
/// podman and skopeo write.
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
    /// images refer to is in the store afterwards, verified, and held by `lease`: whoever collects garbage gives one,
    /// and keeps it until the images are in the database. Of an archive that is refused
    /// nothing is left.
    public func read(from archive: Descriptor, holding lease: ContentLease? = nil) throws(LayerError) -> [ArchivedImage]
    {
        let lease = lease ?? store.lease()
        do throws(LayerError) {
            let contents = ArchiveContents(store: store, lease: lease)
            try contents.read(archive, limits: limits)
            return try images(of: contents)
        } catch {
            lease.abandon()
            throw error
        }
    }

    /// Reads the OCI layout that `directory` is.
    public func read(layout directory: Descriptor, holding lease: ContentLease? = nil) throws(LayerError)
        -> [ArchivedImage]
    {
        let lease = lease ?? store.lease()
        do throws(LayerError) {
            let contents = ArchiveContents(store: store, lease: lease)
            try contents.read(layout: directory)
            return try images(of: contents)
        } catch {
            lease.abandon()
            throw error
        }
    }

    private func images(of contents: ArchiveContents) throws(LayerError) -> [ArchivedImage] {
        let images: [ArchivedImage]
        if let index = try contents.document(ImageLayout.indexFile) {
            images = try LayoutImages(contents: contents, platform: platform).images(in: index)
        } else if let list = try contents.document(DockerArchiveItem.manifestFile) {
            images = try DockerArchiveImages(contents: contents).images(in: list)
        } else {
            throw .noImage(
                "has neither index.json (an OCI layout) nor manifest.json (docker save); "
                    + "import makes an image of a root filesystem")
        }
        contents.dropUnused(by: images)
        return images
    }
}
