internal import ImageSpec
internal import NIOHTTP1
internal import Registry

/// What a request asks for: distribution-spec 1.1, spec.md, "Endpoints".
enum RegistryRoute: Hashable, Sendable {
    /// end-1
    case support
    /// Distribution's own.
    case catalog
    /// end-8
    case tags(RepositoryName)
    /// end-3, end-7, end-9
    case manifest(RepositoryName, ManifestReference)
    /// end-2, end-10
    case blob(RepositoryName, Digest)
    /// end-4, end-11
    case uploads(RepositoryName)
    /// end-5, end-6, end-13, end-14
    case upload(RepositoryName, id: String)
    /// end-12
    case referrers(RepositoryName, Digest)

    /// Nil for what is no path of the specification. A repository's name holds slashes, so the path is read from its
    /// end. Throws for a name or a reference that cannot be one.
    init?(_ components: [String]) throws(RegistryError) {
        guard components.first == "v2", components.count > 1 else { return nil }
        let rest = components.dropFirst()
        if rest.elementsEqual([""]) {
            self = .support
        } else if rest.elementsEqual(["_catalog"]) {
            self = .catalog
        } else if let found = try Self.inRepository(Array(rest)) {
            self = found
        } else {
            return nil
        }
    }

    private static func inRepository(_ parts: [String]) throws(RegistryError) -> RegistryRoute? {
        guard parts.count >= 3 else { return nil }
        let last = parts[parts.count - 1]
        func name(without count: Int) throws(RegistryError) -> RepositoryName {
            try RepositoryName(parts.dropLast(count).joined(separator: "/"))
        }
        if parts.count >= 4, parts[parts.count - 3] == "blobs", parts[parts.count - 2] == "uploads" {
            return last.isEmpty ? .uploads(try name(without: 3)) : .upload(try name(without: 3), id: last)
        }
        switch parts[parts.count - 2] {
        case "tags" where last == "list": return .tags(try name(without: 2))
        case "manifests": return .manifest(try name(without: 2), try ManifestReference(last))
        case "blobs" where last == "uploads": return .uploads(try name(without: 2))
        case "blobs": return .blob(try name(without: 2), try ManifestReference.checkedDigest(last))
        case "referrers": return .referrers(try name(without: 2), try ManifestReference.checkedDigest(last))
        default: return nil
        }
    }

    /// The methods that have a meaning here.
    var methods: [HTTPMethod] {
        switch self {
        case .support, .catalog, .tags, .referrers: [.GET, .HEAD]
        case .manifest: [.GET, .HEAD, .PUT, .DELETE]
        case .blob: [.GET, .HEAD, .DELETE]
        case .uploads: [.POST]
        case .upload: [.GET, .HEAD, .PATCH, .PUT, .DELETE]
        }
    }

    var repository: RepositoryName? {
        switch self {
        case .support, .catalog: nil
        case .tags(let name), .manifest(let name, _), .blob(let name, _), .uploads(let name), .upload(let name, _),
            .referrers(let name, _):
            name
        }
    }
}
