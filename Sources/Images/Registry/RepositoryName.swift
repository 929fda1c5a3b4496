public import ImageSpec

/// A repository's name: distribution-spec 1.1, spec.md, "Pulling manifests".
public struct RepositoryName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let description: String

    public init(_ text: some StringProtocol) throws(RegistryError) {
        let text = String(text)
        guard ImageReference.isRepositoryPath(text) else {
            throw RegistryError(
                .nameInvalid,
                "\"\(text.prefix(64))\" is no repository name: lower-case letters and digits, parted by . _ __ - or /")
        }
        description = text
    }

    public static func < (one: RepositoryName, other: RepositoryName) -> Bool { one.description < other.description }
}

/// What names a manifest in a repository.
public enum ManifestReference: Hashable, Sendable, CustomStringConvertible {
    case tag(String)
    case digest(Digest)

    public init(_ text: some StringProtocol) throws(RegistryError) {
        if text.contains(":") {
            self = .digest(try Self.checkedDigest(text))
        } else {
            self = .tag(try Self.checkedTag(text))
        }
    }

    static func checkedTag(_ text: some StringProtocol) throws(RegistryError) -> String {
        let text = String(text)
        guard ImageReference.isTag(text) else {
            throw RegistryError(
                .manifestInvalid, "\"\(text.prefix(64))\" is no tag: at most 128 letters, digits, _ . and -")
        }
        return text
    }

    public static func checkedDigest(_ text: some StringProtocol) throws(RegistryError) -> Digest {
        do { return try Digest(text) } catch { throw RegistryError(.digestInvalid, error.reason) }
    }

    public var description: String {
        switch self {
        case .tag(let tag): tag
        case .digest(let digest): digest.description
        }
    }
}
