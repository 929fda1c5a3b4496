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
        /// It is there already, where it would go.
        case present
        case retrying
        /// Of an image that comes.
        case waiting, downloading, downloaded, unpacking, unpacked
        /// Of an image that goes; `mounted`: the registry took it from another of its repositories.
        case preparing, uploading, uploaded, mounted
    }
    /// The digest of the layer.
    public var content: String
    public var step: Step
    /// Bytes that have gone over the wire, while it is downloading or uploading.
    public var current: Int64?
    /// Bytes that there are.
    public var total: Int64?
    /// Why it is tried again.
    public var reason: String?
    /// The repository that it was taken from.
    public var source: String?

    public init(
        content: String, step: Step, current: Int64? = nil, total: Int64? = nil, reason: String? = nil,
        source: String? = nil
    ) {
        self.content = content
        self.step = step
        self.current = current
        self.total = total
        self.reason = reason
        self.source = source
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

public enum ImagePush: LineStream {
    public static let name = "image.push"
    public static let summary = "Sends an image to its registry, and tells of each layer on the way."
    public typealias Item = ImageProgress
    public struct Parameters: Codable, Sendable {
        /// `[HOST[:PORT]/]PATH[:TAG]`: a name that the image has.
        public var reference: String
        public var login: RegistryLogin?
        public init(reference: String, login: RegistryLogin? = nil) {
            self.reference = reference
            self.login = login
        }
    }
    public struct Result: Codable, Sendable {
        /// Nothing left out.
        public var fullReference: String
        public var tag: String
        /// Of the manifest that the registry has under the tag now, and its bytes.
        public var digest: String
        public var size: Int64
        public init(fullReference: String, tag: String, digest: String, size: Int64) {
            self.fullReference = fullReference
            self.tag = tag
            self.digest = digest
            self.size = size
        }
    }
}

public enum RegistryProve: LineMethod {
    public static let name = "registry.login"
    public static let summary = "Asks a registry whether it knows a user."
    public struct Parameters: Codable, Sendable {
        /// `HOST[:PORT]`; `docker.io` is the standard one.
        public var registry: String
        public var login: RegistryLogin
        public init(registry: String, login: RegistryLogin) {
            self.registry = registry
            self.login = login
        }
    }
    public struct Result: Codable, Sendable {
        /// A refresh token to keep instead of the password, where the registry's token server gives one.
        public var identityToken: String?
        public init(identityToken: String? = nil) { self.identityToken = identityToken }
    }
}
