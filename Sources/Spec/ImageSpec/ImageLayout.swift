/// The names of image-spec 1.1, image-layout.md.
public enum ImageLayout {
    public static let markerFile = "oci-layout"
    public static let indexFile = "index.json"
    public static let blobsDirectory = "blobs"
    public static let version = "1.0.0"

    /// Where a layout keeps the content of `digest`.
    public static func path(of digest: Digest) -> String {
        "\(blobsDirectory)/\(digest.algorithm.rawValue)/\(digest.encoded)"
    }

    /// The digest whose content lies at `path` in a layout; nil if that is no blob's place.
    public static func digest(ofPath path: String) -> Digest? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == blobsDirectory else { return nil }
        return try? Digest("\(parts[1]):\(parts[2])")
    }
}

/// The `oci-layout` file.
public struct ImageLayoutMarker: Hashable, Sendable, Codable {
    public var imageLayoutVersion: String
    public init(version: String = ImageLayout.version) { imageLayoutVersion = version }

    public init(parsing bytes: [UInt8]) throws(ImageSpecError) {
        self = try decodeDocument(Self.self, from: bytes, subject: ImageLayout.markerFile)
        guard imageLayoutVersion == ImageLayout.version else {
            throw ImageSpecError(
                .unsupportedMediaType,
                "oci-layout: version \(quoted(imageLayoutVersion)) is not supported, only \(ImageLayout.version)")
        }
    }
}

/// One image of a `docker save` archive's `manifest.json`, which is a list of these.
public struct DockerArchiveItem: Hashable, Sendable, Codable {
    public static let manifestFile = "manifest.json"
    public static let repositoriesFile = "repositories"

    /// The path of the configuration in the archive.
    public var config: String
    public var repositoryTags: [String]?
    /// The paths of the layers in the archive, the lowest first.
    public var layers: [String]

    public init(config: String, repositoryTags: [String]? = nil, layers: [String]) {
        self.config = config
        self.repositoryTags = repositoryTags
        self.layers = layers
    }

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case repositoryTags = "RepoTags"
        case layers = "Layers"
    }

    public static func list(parsing bytes: [UInt8]) throws(ImageSpecError) -> [DockerArchiveItem] {
        try decodeDocument([DockerArchiveItem].self, from: bytes, subject: manifestFile)
    }
}
