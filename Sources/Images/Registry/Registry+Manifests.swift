internal import ContentStore
public import ImageSpec

/// A manifest as it was pushed.
public struct StoredManifest: Hashable, Sendable {
    public let bytes: [UInt8]
    /// What it was pushed as.
    public let mediaType: MediaType
    public let digest: Digest
}

/// What a push of a manifest came to.
public struct PushedManifest: Hashable, Sendable {
    public let digest: Digest
    /// The manifest that it refers to, which is noted.
    public let subject: Digest?
    public let tags: [String]
}

/// A manifest that somebody pushes.
public struct ManifestPush: Sendable {
    public let bytes: [UInt8]
    /// The request's `Content-Type`, if it has one.
    public let mediaType: MediaType?
    public let reference: ManifestReference
    /// Tags beside the reference: spec.md, end-7b.
    public let moreTags: [String]

    public init(bytes: [UInt8], mediaType: MediaType?, reference: ManifestReference, moreTags: [String] = [])
        throws(RegistryError)
    {
        guard bytes.count <= maximumDocumentSize else {
            throw RegistryError(
                .sizeInvalid, "a manifest has at most \(maximumDocumentSize) bytes, this one \(bytes.count)", .tooLarge)
        }
        for tag in moreTags { _ = try ManifestReference.checkedTag(tag) }
        self.bytes = bytes
        self.mediaType = mediaType
        self.reference = reference
        self.moreTags = moreTags
    }

    var tags: [String] {
        if case .tag(let tag) = reference { [tag] + moreTags } else { moreTags }
    }
}

// MARK: Pull

extension Registry {
    /// What is told of a manifest without reading it.
    public func describe(_ reference: ManifestReference, in name: RepositoryName) throws(RegistryError)
        -> ContentDescriptor
    {
        guard let found = try existing(name).look({ $0.descriptor(reference) }) else {
            throw RegistryError(.manifestUnknown, "repository \(name) has no manifest \(reference)")
        }
        return found
    }

    public func manifest(_ reference: ManifestReference, in name: RepositoryName) throws(RegistryError)
        -> StoredManifest
    {
        let descriptor = try describe(reference, in: name)
        let bytes = try asRegistry { () throws(ContentStoreError) in try contents.read(descriptor.digest) }
        return StoredManifest(bytes: bytes, mediaType: descriptor.mediaType, digest: descriptor.digest)
    }

    public func tags(of name: RepositoryName, count: Int?, after last: String?) throws(RegistryError) -> Page {
        Page(of: try existing(name).look { Array($0.tags.keys) }, count: count, after: last)
    }

    /// Manifests that refer to `subject`: spec.md, "Listing Referrers". A repository that is not there has none.
    public func referrers(of subject: Digest, in name: RepositoryName, artifactType: String? = nil)
        throws(RegistryError) -> Index
    {
        let found = try existingOrNil(name)?.look { $0.referrers(of: subject) } ?? []
        var entries: [ContentDescriptor] = []
        for descriptor in found where artifactType.map({ $0 == descriptor.artifactType }) ?? true {
            var entry = descriptor
            entry.annotations = try annotations(of: descriptor)
            entries.append(entry)
        }
        return Index(manifests: entries)
    }

    private func annotations(of descriptor: ContentDescriptor) throws(RegistryError) -> [String: String]? {
        let bytes = try asRegistry { () throws(ContentStoreError) in try contents.read(descriptor.digest) }
        return try ManifestReading(bytes, declared: descriptor.mediaType).annotations
    }
}

// MARK: Push and delete

extension Registry {
    /// Stores a manifest exactly as it came: spec.md, "Pushing Manifests".
    public func push(_ push: ManifestPush, to name: RepositoryName) throws(RegistryError) -> PushedManifest {
        let reading = try ManifestReading(push.bytes, declared: push.mediaType)
        let repository = try making(name)
        try checkReferences(reading, repository)
        let digest = try store(push, in: repository)
        let descriptor = reading.descriptor(digest: digest, size: push.bytes.count)
        try repository.synchronizeContents()
        try repository.change { index throws(RegistryError) in
            index.add(descriptor, subject: reading.subject, tags: push.tags)
        }
        return PushedManifest(digest: digest, subject: reading.subject, tags: push.tags)
    }

    private func store(_ push: ManifestPush, in repository: Repository) throws(RegistryError) -> Digest {
        let lease = contents.lease()
        var expected: Digest?
        if case .digest(let digest) = push.reference { expected = digest }
        let digest = try asRegistry { () throws(ContentStoreError) in
            try contents.add(push.bytes, expecting: expected, holding: lease)
        }
        try repository.link(digest)
        return digest
    }

    /// What a manifest is made of must be there, except what is said to be elsewhere (`urls`) and its subject.
    private func checkReferences(_ reading: ManifestReading, _ repository: Repository) throws(RegistryError) {
        for descriptor in reading.references where (descriptor.urls ?? []).isEmpty {
            guard try !repository.has(descriptor.digest) else { continue }
            throw RegistryError(
                .manifestBlobUnknown, "repository \(repository.name) has no \(descriptor.digest): push it first")
        }
    }

    public func delete(_ reference: ManifestReference, in name: RepositoryName) throws(RegistryError) {
        let repository = try existing(name)
        let wasThere = try repository.change { index throws(RegistryError) in
            switch reference {
            case .tag(let tag): index.remove(tag: tag)
            case .digest(let digest): index.remove(manifest: digest)
            }
        }
        guard wasThere else {
            throw RegistryError(.manifestUnknown, "repository \(name) has no manifest \(reference)")
        }
        if case .digest(let digest) = reference { _ = try repository.unlink(digest) }
    }
}
