internal import ContentStore
public import ImageSpec

/// What a manifest is made of, for people.
public struct ManifestSummary: Hashable, Sendable {
    public let digest: Digest
    public let mediaType: MediaType
    /// An image's configuration and layers, or an index's manifests.
    public let parts: [ContentDescriptor]
    /// Of an image's parts, in bytes; nil for an index, which would have to be read to its leaves.
    public var size: Int64? {
        mediaType.kind == .index ? nil : parts.reduce(0) { $0.addingReportingOverflow($1.size).partialValue }
    }
}

extension Registry {
    public func summary(_ reference: ManifestReference, in name: RepositoryName) throws(RegistryError)
        -> ManifestSummary
    {
        let stored = try manifest(reference, in: name)
        let parts = try ManifestReading(stored.bytes, declared: stored.mediaType).references
        return ManifestSummary(digest: stored.digest, mediaType: stored.mediaType, parts: parts)
    }

    /// Whether something could be stored now; throws what stands against it.
    public func checkStorage() throws(RegistryError) {
        let ingest: Ingest
        do { ingest = try contents.begin() } catch { throw RegistryError(error) }
        ingest.cancel()
    }
}
