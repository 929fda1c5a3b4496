internal import ContentStore
internal import ImageSpec
internal import LinuxKernel

/// The images of what `docker save` writes: moby's image specification 1.2, "Combined Image JSON + Filesystem
/// Changeset Format", with its `manifest.json`.
struct DockerArchiveImages {
    let contents: ArchiveContents

    func images(in bytes: [UInt8]) throws(LayerError) -> [ArchivedImage] {
        let items = try parsing { () throws(ImageSpecError) in try DockerArchiveItem.list(parsing: bytes) }
        guard !items.isEmpty else { throw .noImage("manifest.json names no image") }
        var images: [ArchivedImage] = []
        for item in items { images.append(try image(item)) }
        return images
    }

    /// The configuration stays byte for byte, so that the image's ID is docker's; the manifest, which such archives
    /// do not have, is ours.
    private func image(_ item: DockerArchiveItem) throws(LayerError) -> ArchivedImage {
        let configuration = try contents.content(item.config)
        let bytes = try storing { () throws(ContentStoreError) in try contents.store.read(configuration.digest) }
        let parsed = try parsing { () throws(ImageSpecError) in
            try ImageConfiguration(parsing: bytes, subject: "image configuration \(item.config)")
        }
        let layers = try layers(item, parsed.rootfs.diffIDs)
        let manifest = Manifest(
            config: ContentDescriptor(
                mediaType: .ociConfiguration, digest: configuration.digest, size: configuration.size),
            layers: layers)
        return ArchivedImage(
            references: (item.repositoryTags ?? []).compactMap { try? ImageReference(parsing: $0).withDefaultTag },
            manifest: try contents.store.addManifest(manifest, holding: contents.lease),
            configuration: manifest.config)
    }

    private func layers(_ item: DockerArchiveItem, _ diffIDs: [Digest]) throws(LayerError) -> [ContentDescriptor] {
        guard item.layers.count == diffIDs.count else {
            throw .malformed("manifest.json has \(item.layers.count) layers, but the configuration \(diffIDs.count)")
        }
        var layers: [ContentDescriptor] = []
        for (name, diffID) in zip(item.layers, diffIDs) {
            let layer = try contents.content(name)
            let mediaType = try contents.store.layerType(of: layer.digest)
            if mediaType == .ociLayer, layer.digest.algorithm == diffID.algorithm, layer.digest != diffID {
                throw .diffIDMismatch(expected: diffID, actual: layer.digest)
            }
            layers.append(ContentDescriptor(mediaType: mediaType, digest: layer.digest, size: layer.size))
        }
        return layers
    }
}

extension ContentStore {
    /// Writes a manifest of ours, and describes it.
    func addManifest(_ manifest: Manifest, holding lease: ContentLease) throws(LayerError) -> ContentDescriptor {
        let bytes = try parsing { () throws(ImageSpecError) in try encodeDocument(manifest, subject: "manifest") }
        let digest = try storing { () throws(ContentStoreError) in try add(bytes, holding: lease) }
        return ContentDescriptor(mediaType: .ociManifest, digest: digest, size: Int64(bytes.count))
    }

    /// A layer's type by its first bytes, for formats that do not tell.
    func layerType(of digest: Digest) throws(LayerError) -> MediaType {
        let file = try storing { () throws(ContentStoreError) in try open(digest) }
        let descriptor = file.descriptor
        let start = try reaching { () throws(SystemError) in try descriptor.read(upTo: 6, at: 0) }
        let known: [([UInt8], MediaType)] = [
            ([0x1f, 0x8b], .ociLayerGzip), ([0x28, 0xb5, 0x2f, 0xfd], .ociLayerZstd),
            ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], .ociLayerXZ), (Array("BZh".utf8), .ociLayerBzip2),
        ]
        return known.first { start.starts(with: $0.0) }?.1 ?? .ociLayer
    }
}

extension MediaType {
    /// Not of the specification, but found in archives of `docker import` and others; their content tells.
    static let ociLayerXZ = MediaType(rawValue: ociLayer.rawValue + "+xz")
    static let ociLayerBzip2 = MediaType(rawValue: ociLayer.rawValue + "+bzip2")
}
