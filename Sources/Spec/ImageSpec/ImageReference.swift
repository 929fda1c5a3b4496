/// The name of an image as docker reads it: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`.
///
/// distribution's reference grammar, with docker's defaults: no host is `docker.io`, and a path of one component
/// there is below `library/`.
public struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// `docker.io`, `localhost:5000`, `[::1]:5000`.
    public let domain: String
    /// `library/busybox`.
    public let path: String
    public let tag: String?
    public let digest: Digest?

    public static let defaultDomain = "docker.io"
    public static let defaultTag = "latest"
    static let legacyDefaultDomain = "index.docker.io"
    static let officialPrefix = "library/"

    /// Reads what a user typed.
    public init(parsing text: String) throws(ImageSpecError) {
        var rest = Substring(text)
        (digest, rest) = try Self.takeDigest(rest, of: text)
        if digest == nil, rest.utf8.count == 64, rest.utf8.allSatisfy(\.isLowerHexadecimal) {
            throw Self.refusal(text, "64 hexadecimal digits are an image's ID, not a name")
        }
        (tag, rest) = try Self.takeTag(rest, of: text)
        (domain, rest) = try Self.takeDomain(rest, of: text)
        path = domain == Self.defaultDomain && !rest.contains("/") ? Self.officialPrefix + rest : String(rest)
        try Self.validate(path: path, of: text)
    }

    private init(domain: String, path: String, tag: String?, digest: Digest?) {
        (self.domain, self.path, self.tag, self.digest) = (domain, path, tag, digest)
    }

    /// Domain and path: what a repository is called everywhere.
    public var repository: String { "\(domain)/\(path)" }

    /// The whole name, nothing left out.
    public var description: String { repository + suffix }

    /// The name as docker shows it: without the domain and the `library/` that it would add itself.
    public var familiar: String { familiarRepository + suffix }

    public var familiarRepository: String {
        guard domain == Self.defaultDomain else { return repository }
        let rest = path.dropFirst(Self.officialPrefix.count)
        return path.hasPrefix(Self.officialPrefix) && !rest.contains("/") ? String(rest) : path
    }

    /// The same image with `:latest` if it has neither a tag nor a digest.
    public var withDefaultTag: ImageReference {
        tag == nil && digest == nil ? withTag(Self.defaultTag) : self
    }

    /// The same repository with `tag` alone.
    private func withTag(_ tag: String) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: tag, digest: nil)
    }

    /// The same repository with `tag` and no digest.
    public func tagged(_ tag: String) throws(ImageSpecError) -> ImageReference {
        guard Self.isTag(tag) else { throw Self.refusal(tag, "not a tag") }
        return withTag(tag)
    }

    /// The same repository with `digest` and no tag.
    public func pinned(to digest: Digest) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: nil, digest: digest)
    }

    private var suffix: String { (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }
}

extension ImageReference: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do { try self.init(parsing: text) } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
