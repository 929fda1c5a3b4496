/// Where a content is and what it must be: media type, digest and size (image-spec 1.1, descriptor.md).
public struct ContentDescriptor: Hashable, Sendable, Codable {
    public var mediaType: MediaType
    public var digest: Digest
    /// In bytes.
    public var size: Int64
    public var platform: Platform?
    public var annotations: [String: String]?
    public var artifactType: String?
    /// Places to get the content from. Never used to send credentials to.
    public var urls: [String]?

    public init(
        mediaType: MediaType, digest: Digest, size: Int64, platform: Platform? = nil,
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
        self.annotations = annotations
    }

    enum CodingKeys: String, CodingKey { case mediaType, digest, size, platform, annotations, artifactType, urls }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        mediaType = try members.decode(MediaType.self, forKey: .mediaType)
        digest = try members.decode(Digest.self, forKey: .digest)
        size = try members.decode(Int64.self, forKey: .size)
        platform = try members.decodeIfPresent(Platform.self, forKey: .platform)
        annotations = try members.decodeIfPresent([String: String].self, forKey: .annotations)
        artifactType = try members.decodeIfPresent(String.self, forKey: .artifactType)
        urls = try members.decodeIfPresent([String].self, forKey: .urls)
        guard size >= 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .size, in: members, debugDescription: "a size cannot be negative")
        }
    }
}

/// Annotation keys that image archives use (annotations.md; containerd's own for the whole name).
public enum AnnotationKey {
    public static let referenceName = "org.opencontainers.image.ref.name"
    public static let containerdImageName = "io.containerd.image.name"
}
