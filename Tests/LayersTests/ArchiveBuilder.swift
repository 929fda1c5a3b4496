import ContentStore
import ImageSpec

@testable import Layers

/// Makes image archives, entry by entry, in any order and with any lie.
struct ArchiveBuilder {
    private(set) var entries: [(name: String, content: [UInt8])] = []
    var links: [(name: String, target: String)] = []
    var isReversed = false

    mutating func addFile(_ name: String, _ content: [UInt8]) { entries.append((name, content)) }

    mutating func addBlob(_ content: [UInt8]) throws -> ContentDescriptor {
        let digest = try Digest.of(content)
        entries.append((ImageLayout.path(of: digest), content))
        return ContentDescriptor(mediaType: .ociLayer, digest: digest, size: Int64(content.count))
    }

    mutating func addDocument(_ value: some Encodable, _ mediaType: MediaType) throws -> ContentDescriptor {
        var descriptor = try addBlob(try encodeDocument(value, subject: "test"))
        descriptor.mediaType = mediaType
        return descriptor
    }

    /// An image of one layer with one file, and its manifest's descriptor.
    mutating func addImage(_ name: String?, file: String = "file", platform: Platform = .host) throws
        -> ContentDescriptor
    {
        let layer = try addBlob(Self.layer(file))
        let configuration = ImageConfiguration(platform: platform, diffIDs: [layer.digest])
        let config = try addDocument(configuration, .ociConfiguration)
        var manifest = try addDocument(Manifest(config: config, layers: [layer]), .ociManifest)
        if let name { manifest.annotations = [AnnotationKey.referenceName: name] }
        return manifest
    }

    mutating func addLayout(_ manifests: [ContentDescriptor]) throws {
        addFile(ImageLayout.markerFile, try encodeDocument(ImageLayoutMarker(), subject: "test"))
        addFile(ImageLayout.indexFile, try encodeDocument(Index(manifests: manifests), subject: "test"))
    }

    static func layer(_ file: String) -> [UInt8] {
        var tar = TarBuilder()
        tar.add(.file, file, content: Array(file.utf8))
        return tar.archive
    }

    var archive: [UInt8] {
        var tar = TarBuilder()
        for (name, content) in isReversed ? entries.reversed() : entries { tar.add(.file, name, content: content) }
        for (name, target) in links { tar.add(.symbolicLink, name, link: target) }
        return tar.archive
    }
}
