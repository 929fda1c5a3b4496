/// The type of a content: a media type of image-spec 1.1 (media-types.md) or of docker's image manifest version 2,
/// schema 2. A type that we do not know is a value too; nobody may act on its content.
public struct MediaType: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }

    public static let ociIndex = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    public static let ociManifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    public static let ociConfiguration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    public static let ociLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    public static let ociLayerGzip = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    public static let ociLayerZstd = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
    public static let ociEmpty = MediaType(rawValue: "application/vnd.oci.empty.v1+json")
    public static let dockerList = MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    public static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    public static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    public static let dockerLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")
    public static let dockerLayerGzip = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")

    /// What kind of content it is, whoever named it.
    public enum Kind: Hashable, Sendable { case index, manifest, configuration, layer, other }

    public var kind: Kind {
        switch self {
        case .ociIndex, .dockerList: .index
        case .ociManifest, .dockerManifest: .manifest
        case .ociConfiguration, .dockerConfiguration: .configuration
        default: isLayer ? .layer : .other
        }
    }

    /// Layers, their compressed forms, and the non-distributable ones of earlier versions.
    private var isLayer: Bool {
        let stems = [
            "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.docker.image.rootfs.diff.tar", "application/vnd.docker.image.rootfs.foreign.diff.tar",
        ]
        let endings = ["", "+gzip", ".gzip", "+zstd", ".zstd", "+xz", ".xz", "+bzip2", ".bzip2"]
        return stems.contains { stem in
            rawValue.hasPrefix(stem) && endings.contains(String(rawValue.dropFirst(stem.count)))
        }
    }
}
