internal import ContentStore
internal import ImageSpec

/// The images of an OCI layout: image-spec 1.1, image-layout.md, "index.json".
struct LayoutImages {
    /// Indexes may name indexes; more than this is an attack (layer-bomb).
    private static let deepest = 8

    let contents: ArchiveContents
    let platform: Platform

    func images(in bytes: [UInt8]) throws(LayerError) -> [ArchivedImage] {
        if let marker = try contents.document(ImageLayout.markerFile) {
            _ = try parsing { () throws(ImageSpecError) in try ImageLayoutMarker(parsing: marker) }
        }
        let document = try parsing { () throws(ImageSpecError) in
            try ManifestDocument(parsing: bytes, subject: ImageLayout.indexFile)
        }
        guard case .index(let index) = document else { throw .noImage("index.json is not an index") }
        var images: [ArchivedImage] = []
        for group in Self.byName(index.manifests) { images.append(try image(named: group.name, among: group.entries)) }
        guard !images.isEmpty else { throw .noImage("index.json names no image") }
        return images
    }

    private struct Group {
        let name: String?
        var entries: [ContentDescriptor]
    }

    /// Entries of one name are one image for several platforms; each entry without a name is one of its own.
    private static func byName(_ entries: [ContentDescriptor]) -> [Group] {
        var groups: [Group] = []
        for entry in entries where [.manifest, .index].contains(entry.mediaType.kind) {
            let name =
                entry.annotations?[AnnotationKey.containerdImageName]
                ?? entry.annotations?[AnnotationKey.referenceName]
            if let name, let place = groups.firstIndex(where: { $0.name == name }) {
                groups[place].entries.append(entry)
            } else {
                groups.append(Group(name: name, entries: [entry]))
            }
        }
        return groups
    }

    private func image(named name: String?, among entries: [ContentDescriptor]) throws(LayerError) -> ArchivedImage {
        // Whoever saved one image wants that one, also for another machine.
        let isOnlyOne = entries.count == 1 && entries[0].mediaType.kind == .manifest
        let candidates = isOnlyOne ? entries : Index(manifests: entries).candidates(for: platform)
        let found = try firstManifest(among: candidates, depth: 0)
        guard let (descriptor, manifest) = found else { throw .noImage(nothingSuitable(name, entries)) }
        try verify(manifest, in: descriptor)
        var references = name.flatMap(Self.reference).map { [$0] } ?? []
        if references.isEmpty { references = try dockerTags(of: manifest.config.digest) }
        return ArchivedImage(references: references, manifest: descriptor, configuration: manifest.config)
    }

    private static func reference(_ name: String) -> ImageReference? {
        (try? ImageReference(parsing: name))?.withDefaultTag
    }

    private func nothingSuitable(_ name: String?, _ entries: [ContentDescriptor]) -> String {
        let platforms = entries.compactMap { $0.platform?.description }.joined(separator: ", ")
        let subject = name.map { "\(quoted($0)) has" } ?? "has"
        return "\(subject) no image for \(platform)" + (platforms.isEmpty ? "" : ", only for \(platforms)")
    }

    /// The best candidate whose manifest is in the archive: an index may list platforms that were not saved with it.
    private func firstManifest(among candidates: [ContentDescriptor], depth: Int)
        throws(LayerError) -> (ContentDescriptor, Manifest)?
    {
        guard depth < Self.deepest else { throw .malformed("indexes are nested more than \(Self.deepest) deep") }
        for candidate in candidates where contents.store.contains(candidate.digest) {
            try contents.verify(candidate)
            let bytes = try contents.read(candidate)
            let document = try parsing { () throws(ImageSpecError) in
                try ManifestDocument(
                    parsing: bytes, declared: candidate.mediaType, subject: "manifest \(candidate.digest)")
            }
            switch document {
            case .manifest(let manifest): return (candidate, manifest)
            case .index(let index):
                let found = try firstManifest(among: index.candidates(for: platform), depth: depth + 1)
                if let found { return found }
            }
        }
        return nil
    }

    /// A manifest is an image's only with a configuration and layers of types that we know, all of them there.
    private func verify(_ manifest: Manifest, in descriptor: ContentDescriptor) throws(LayerError) {
        guard manifest.config.mediaType.kind == .configuration else {
            throw .noImage("manifest \(descriptor.digest) is of \(manifest.config.mediaType), which is not an image")
        }
        for layer in manifest.layers {
            guard layer.mediaType.kind == .layer else {
                throw .noImage("layer \(layer.digest) is of type \(layer.mediaType), which is not supported")
            }
            try contents.verify(layer)
        }
        try contents.verify(manifest.config)
        try verifyLayerCount(manifest, try contents.read(manifest.config))
    }

    private func verifyLayerCount(_ manifest: Manifest, _ bytes: [UInt8]) throws(LayerError) {
        let configuration = try parsing { () throws(ImageSpecError) in
            try ImageConfiguration(parsing: bytes, subject: "image configuration \(manifest.config.digest)")
        }
        let count = configuration.rootfs.diffIDs.count
        guard count == manifest.layers.count else {
            throw .malformed("the manifest has \(manifest.layers.count) layers, but its configuration \(count)")
        }
    }

    /// docker writes its own list beside the index, which may know names that the index does not.
    private func dockerTags(of configuration: Digest) throws(LayerError) -> [ImageReference] {
        guard let bytes = try contents.document(DockerArchiveItem.manifestFile),
            let items = try? DockerArchiveItem.list(parsing: bytes)
        else { return [] }
        let item = items.first { $0.config.contains(configuration.encoded) }
        return (item?.repositoryTags ?? []).compactMap(Self.reference)
    }
}
