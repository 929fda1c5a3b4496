/// An image for one platform (image-spec 1.1, manifest.md; docker's manifest version 2, schema 2, is the same shape).
public struct Manifest: Hashable, Sendable, Codable {
    public var schemaVersion: Int
    public var mediaType: MediaType?
    public var artifactType: String?
    public var config: ContentDescriptor
    /// The lowest layer first.
    public var layers: [ContentDescriptor]
    public var subject: ContentDescriptor?
    public var annotations: [String: String]?

    public init(config: ContentDescriptor, layers: [ContentDescriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = .ociManifest
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}

/// Images for several platforms, or several images (image-spec 1.1, image-index.md; docker's manifest list).
public struct Index: Hashable, Sendable, Codable {
    public var schemaVersion: Int
    public var mediaType: MediaType?
    public var artifactType: String?
    public var manifests: [ContentDescriptor]
    public var subject: ContentDescriptor?
    public var annotations: [String: String]?

    public init(manifests: [ContentDescriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = .ociIndex
        self.manifests = manifests
        self.annotations = annotations
    }

    /// The manifests that a machine of `platform` can run, the best first. One that names no platform is last, since
    /// only its configuration can tell. Attestations (`unknown/unknown`) never match.
    public func candidates(for platform: Platform) -> [ContentDescriptor] {
        var ranked: [(preference: Int, position: Int, entry: ContentDescriptor)] = []
        for (position, entry) in manifests.enumerated() where [.manifest, .index].contains(entry.mediaType.kind) {
            let preference = entry.platform.map { platform.preference(for: $0) } ?? Int.max
            if let preference { ranked.append((preference, position, entry)) }
        }
        return ranked.sorted { ($0.preference, $0.position) < ($1.preference, $1.position) }.map(\.entry)
    }
}

/// A manifest or an index, whichever a document is.
public enum ManifestDocument: Hashable, Sendable {
    case manifest(Manifest)
    case index(Index)

    /// Reads `bytes`, which a descriptor declared to be of type `declared`.
    ///
    /// A document that could be read as both is refused, and so is one that contradicts its descriptor: two readers
    /// must not see two images under one digest (manifest-crash, CVE-2021-41190).
    public init(parsing bytes: [UInt8], declared: MediaType? = nil, subject: String = "manifest") throws(ImageSpecError)
    {
        let shape = try decodeDocument(Shape.self, from: bytes, subject: subject)
        let kind = try shape.kind(declared: declared, subject: subject)
        switch kind {
        case .index: self = .index(try decodeDocument(Index.self, from: bytes, subject: subject))
        default: self = .manifest(try decodeDocument(Manifest.self, from: bytes, subject: subject))
        }
    }
}

/// Which members a document has, whatever they hold.
private struct Shape: Decodable {
    let schemaVersion: Int
    let mediaType: MediaType?
    let isIndexLike: Bool
    let isManifestLike: Bool

    enum CodingKeys: String, CodingKey { case schemaVersion, mediaType, manifests, config, layers, fsLayers }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try members.decode(Int.self, forKey: .schemaVersion)
        mediaType = try members.decodeIfPresent(MediaType.self, forKey: .mediaType)
        isIndexLike = members.contains(.manifests)
        isManifestLike = members.contains(.config) || members.contains(.layers) || members.contains(.fsLayers)
    }

    func kind(declared: MediaType?, subject: String) throws(ImageSpecError) -> MediaType.Kind {
        guard schemaVersion == 2 else {
            throw ImageSpecError(
                .unsupportedMediaType, "\(subject): schemaVersion \(schemaVersion) is not supported, only 2")
        }
        guard isIndexLike != isManifestLike else {
            throw ImageSpecError(
                .ambiguousDocument,
                isIndexLike
                    ? "\(subject): has both manifests and layers, and so is ambiguous"
                    : "\(subject): has neither manifests nor a config and layers")
        }
        let kind: MediaType.Kind = isIndexLike ? .index : .manifest
        for type in [declared, mediaType].compactMap({ $0 }) where type.kind != kind {
            throw ImageSpecError(
                .ambiguousDocument, "\(subject): is \(kind == .index ? "an index" : "a manifest"), but called \(type)")
        }
        if let declared, let mediaType, declared != mediaType {
            throw ImageSpecError(
                .ambiguousDocument, "\(subject): calls itself \(mediaType), but was called \(declared)")
        }
        return kind
    }
}
