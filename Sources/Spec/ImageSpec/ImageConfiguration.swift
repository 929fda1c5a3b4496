/// An image's configuration (image-spec 1.1, config.md, with docker's additions to `config`).
///
/// The bytes that were received are the truth: an image's ID is their digest. This is what they say; never write it
/// back in their place.
public struct ImageConfiguration: Hashable, Sendable, Codable {
    /// RFC 3339.
    public var created: String?
    public var author: String?
    public var architecture: String
    public var os: String
    public var osVersion: String?
    public var osFeatures: [String]?
    public var variant: String?
    public var config: ContainerDefaults?
    public var rootfs: RootFilesystem
    public var history: [History]?
    public var comment: String?

    public init(
        platform: Platform, config: ContainerDefaults? = nil, diffIDs: [Digest], history: [History]? = nil,
        created: String? = nil, author: String? = nil
    ) {
        (os, architecture, variant) = (platform.os, platform.architecture, platform.variant)
        self.config = config
        rootfs = RootFilesystem(diffIDs: diffIDs)
        self.history = history
        self.created = created
        self.author = author
    }

    enum CodingKeys: String, CodingKey {
        case created, author, architecture, os, variant, config, rootfs, history, comment
        case osVersion = "os.version"
        case osFeatures = "os.features"
    }

    public init(parsing bytes: [UInt8], subject: String = "image configuration") throws(ImageSpecError) {
        self = try decodeDocument(Self.self, from: bytes, subject: subject)
    }

    public var platform: Platform {
        var platform = Platform(os: os, architecture: architecture, variant: variant)
        (platform.osVersion, platform.osFeatures) = (osVersion, osFeatures)
        return platform
    }
}

/// config.md, "rootfs": the digests of the uncompressed layers, the lowest first.
public struct RootFilesystem: Hashable, Sendable, Codable {
    public var type: String
    public var diffIDs: [Digest]

    public init(diffIDs: [Digest]) {
        type = "layers"
        self.diffIDs = diffIDs
    }

    enum CodingKeys: String, CodingKey {
        case type
        case diffIDs = "diff_ids"
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        type = try members.decode(String.self, forKey: .type)
        // Go writes the empty list of an image without layers as null.
        diffIDs = try members.decodeIfPresent([Digest].self, forKey: .diffIDs) ?? []
        guard type == "layers" else {
            throw DecodingError.dataCorruptedError(forKey: .type, in: members, debugDescription: "must be \"layers\"")
        }
    }
}

/// config.md, "history": how a layer, or a step without one, came to be.
public struct History: Hashable, Sendable, Codable {
    public var created: String?
    public var author: String?
    public var createdBy: String?
    public var comment: String?
    public var emptyLayer: Bool?

    public init(created: String? = nil, createdBy: String? = nil, comment: String? = nil, emptyLayer: Bool? = nil) {
        self.created = created
        self.createdBy = createdBy
        self.comment = comment
        self.emptyLayer = emptyLayer
    }

    enum CodingKeys: String, CodingKey {
        case created, author, comment
        case createdBy = "created_by"
        case emptyLayer = "empty_layer"
    }
}
