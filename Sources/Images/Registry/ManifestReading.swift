internal import ImageSpec

/// What the registry wants to know of a manifest that it stores without a change.
struct ManifestReading {
    private let document: ManifestDocument
    private let declared: MediaType?

    /// Refuses what is no manifest, what could be two, and what is not what it was sent as (manifest-crash).
    init(_ bytes: [UInt8], declared: MediaType?) throws(RegistryError) {
        if let declared, ![.manifest, .index].contains(declared.kind) {
            throw RegistryError(
                .manifestInvalid,
                "\"\(declared.rawValue.prefix(128))\" is no type of a manifest that this registry keeps")
        }
        do { document = try ManifestDocument(parsing: bytes, declared: declared) } catch {
            throw RegistryError(.manifestInvalid, error.reason)
        }
        self.declared = declared
    }

    /// All that has to be there for it to be of use.
    var references: [ContentDescriptor] {
        switch document {
        case .manifest(let manifest): [manifest.config] + manifest.layers
        case .index(let index): index.manifests
        }
    }

    var subject: Digest? {
        switch document {
        case .manifest(let manifest): manifest.subject?.digest
        case .index(let index): index.subject?.digest
        }
    }

    var annotations: [String: String]? {
        switch document {
        case .manifest(let manifest): manifest.annotations
        case .index(let index): index.annotations
        }
    }

    /// spec.md, "Listing Referrers": a manifest's configuration stands in for a type that it does not name.
    private var artifactType: String? {
        switch document {
        case .manifest(let manifest):
            if let type = manifest.artifactType, !type.isEmpty { type } else { manifest.config.mediaType.rawValue }
        case .index(let index):
            if let type = index.artifactType, !type.isEmpty { type } else { nil }
        }
    }

    /// How the repository's index names it.
    func descriptor(digest: Digest, size: Int) -> ContentDescriptor {
        var descriptor = ContentDescriptor(mediaType: mediaType, digest: digest, size: Int64(size))
        descriptor.artifactType = artifactType
        return descriptor
    }

    private var mediaType: MediaType {
        switch document {
        case .manifest(let manifest): declared ?? manifest.mediaType ?? .ociManifest
        case .index(let index): declared ?? index.mediaType ?? .ociIndex
        }
    }
}
