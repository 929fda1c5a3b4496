/// Who asks a registry: what `docker login` keeps. A client gives it with each request; the supervisor keeps none.
public struct RegistryLogin: Codable, Sendable, Hashable {
    public var username: String?
    public var password: String?
    /// A refresh token of the registry's token server.
    public var identityToken: String?
    /// A bearer token that is used as it is.
    public var registryToken: String?

    public init(
        username: String? = nil, password: String? = nil, identityToken: String? = nil, registryToken: String? = nil
    ) {
        self.username = username
        self.password = password
        self.identityToken = identityToken
        self.registryToken = registryToken
    }
}

/// How far one content of an image is on its way.
public struct ImageProgress: Codable, Sendable, Hashable {
    public enum Step: String, Codable, Sendable {
        /// It is there already.
        case present
        case waiting, downloading, retrying, downloaded, unpacking, unpacked
    }
    /// The digest of the layer.
    public var content: String
    public var step: Step
    /// Bytes that have gone over the wire, while it is downloading.
    public var current: Int64?
    /// Bytes that there are.
    public var total: Int64?
    /// Why it is tried again.
    public var reason: String?

    public init(content: String, step: Step, current: Int64? = nil, total: Int64? = nil, reason: String? = nil) {
        self.content = content
        self.step = step
        self.current = current
        self.total = total
        self.reason = reason
    }
}

public enum ImagePull: LineStream {
    public static let name = "image.pull"
    public static let summary = "Fetches an image from its registry, and tells of each layer on the way."
    public typealias Item = ImageProgress
    public struct Parameters: Codable, Sendable {
        /// `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`.
        public var reference: String
        /// `os/architecture[/variant]`; this machine's when nil.
        public var platform: String?
        public var login: RegistryLogin?
        public init(reference: String, platform: String? = nil, login: RegistryLogin? = nil) {
            self.reference = reference
            self.platform = platform
            self.login = login
        }
    }
    public struct Result: Codable, Sendable {
        public var id: String
        /// In familiar form.
        public var reference: String
        /// Nothing left out.
        public var fullReference: String
        /// What the registry has under that name, an index or a manifest.
        public var digest: String
        /// False when the name stood for that already.
        public var isNew: Bool
        public init(id: String, reference: String, fullReference: String, digest: String, isNew: Bool) {
            self.id = id
            self.reference = reference
            self.fullReference = fullReference
            self.digest = digest
            self.isNew = isNew
        }
    }
}
