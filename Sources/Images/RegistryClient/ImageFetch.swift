internal import BlockingThreads
public import ContentStore
internal import HTTPTransfers
public import ImageSpec

/// An image that came from a registry, whole, into the content store.
public struct FetchedImage: Hashable, Sendable {
    /// What the registry has under its name: an index, or the manifest itself.
    public let target: ContentDescriptor
    public let manifest: ContentDescriptor
    public let configuration: ContentDescriptor
}

/// What is told while an image comes.
public struct FetchProgress: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        /// It is there already.
        case present
        case waiting
        case downloading(Int64)
        case retrying(reason: String)
        case downloaded
    }
    public let content: ContentDescriptor
    public let step: Step
}

/// Fetches one image for one platform, all of whose contents `lease` holds.
public struct ImageFetch: Sendable {
    /// Indexes may name indexes; more than this is an attack (layer-bomb).
    private static let deepest = 8
    /// Downloads of one image at once.
    private static let width = 4

    let client: RegistryClient
    let repository: RemoteRepository
    let store: ContentStore
    let lease: ContentLease
    let platform: Platform
    /// Whether the user asked for the platform; then an image for another one is refused.
    let isPlatformWanted: Bool
    let report: @Sendable (FetchProgress) -> Void

    public init(
        _ client: RegistryClient, _ repository: RemoteRepository, into store: ContentStore, holding lease: ContentLease,
        platform: Platform?, report: @escaping @Sendable (FetchProgress) -> Void
    ) {
        self.client = client
        self.repository = repository
        self.store = store
        self.lease = lease
        self.platform = platform ?? .host
        isPlatformWanted = platform != nil
        self.report = report
    }

    /// Fetches what `reference` names.
    public func run(_ reference: ImageReference) async throws(RegistryClientError) -> FetchedImage {
        let target = try await target(reference)
        let found = try await imageManifest(target, depth: 0)
        guard case .manifest(let manifest) = found.document else {
            throw .unusable(subject: repository.name, reason: "an index stands where a manifest is expected")
        }
        try verify(manifest, found.descriptor)
        try await fetch(manifest.config) { _ in }
        try await verifyConfiguration(manifest, isOnlyOne: found.descriptor == target.descriptor)
        try await fetchAll(manifest.distinctLayers)
        return FetchedImage(target: target.descriptor, manifest: found.descriptor, configuration: manifest.config)
    }

    // MARK: Manifests

    private func target(_ reference: ImageReference) async throws(RegistryClientError) -> RemoteManifest {
        if let digest = reference.digest { return try await manifest("\(digest)", digest, nil) }
        let tag = reference.tag ?? ImageReference.defaultTag
        return try await manifest(tag, try await repository.digest(of: tag), nil)
    }

    /// The manifest with `digest` from the store if it is there, and else from the registry; then it is there.
    private func manifest(_ tagOrDigest: String, _ digest: Digest?, _ declared: ContentDescriptor?)
        async throws(RegistryClientError) -> RemoteManifest
    {
        if let digest {
            lease.hold(digest)
            if let known = try await stored(digest, declared?.mediaType) { return known }
        }
        let came = try await repository.manifest(digest.map { "\($0)" } ?? tagOrDigest)
        if let declared, declared.size != came.descriptor.size || declared.mediaType != came.descriptor.mediaType {
            throw .untrustworthy(
                subject: "\(repository.name)@\(declared.digest)",
                reason: "is not of the size and the type that its index says")
        }
        let (store, lease) = (store, lease)
        try await client.threads.run { () throws(RegistryClientError) in
            _ = try storing { () throws(ContentStoreError) in
                try store.add(came.bytes, expecting: came.descriptor.digest, holding: lease)
            }
        }
        return came
    }

    private func stored(_ digest: Digest, _ declared: MediaType?)
        async throws(RegistryClientError) -> RemoteManifest?
    {
        let store = store
        let bytes = await client.threads.run { () throws(Never) in try? store.read(digest) }
        guard let bytes else { return nil }
        return try RemoteManifest(bytes, digest, declared: declared, subject: "\(repository.name)@\(digest)")
    }

    /// From an index to the manifest of the best image for the platform.
    private func imageManifest(_ found: RemoteManifest, depth: Int)
        async throws(RegistryClientError) -> RemoteManifest
    {
        guard case .index(let index) = found.document else { return found }
        guard depth < Self.deepest else {
            throw .unusable(subject: repository.name, reason: "indexes are nested more than \(Self.deepest) deep")
        }
        guard let best = index.candidates(for: platform).first else {
            let others = index.manifests.compactMap { $0.platform?.description }.filter { $0 != "unknown/unknown" }
            throw .unusable(
                subject: repository.name,
                reason: "no image for \(platform)"
                    + (others.isEmpty ? "" : ", only for \(others.joined(separator: ", "))"))
        }
        return try await imageManifest(
            try await manifest("\(best.digest)", best.digest, best), depth: depth + 1)
    }

    /// Only what is an image, all of it the registry's own (foreign-credentials).
    private func verify(_ manifest: Manifest, _ descriptor: ContentDescriptor) throws(RegistryClientError) {
        let subject = "\(repository.name)@\(descriptor.digest)"
        guard manifest.config.mediaType.kind == .configuration else {
            throw .unusable(
                subject: subject,
                reason: "is no image but an artifact of \(manifest.artifactType ?? manifest.config.mediaType.rawValue)")
        }
        guard manifest.config.size <= maximumDocumentSize else {
            throw .unusable(subject: subject, reason: "its configuration is larger than \(maximumDocumentSize) bytes")
        }
        for layer in manifest.layers {
            guard layer.mediaType.kind == .layer else {
                throw .unusable(
                    subject: subject,
                    reason: "layer \(layer.digest) is of type \(layer.mediaType), which is not supported")
            }
            guard layer.urls?.isEmpty ?? true else {
                throw .unusable(
                    subject: subject, reason: "layer \(layer.digest) is to be had elsewhere, which is not supported")
            }
        }
    }

    private func verifyConfiguration(_ manifest: Manifest, isOnlyOne: Bool) async throws(RegistryClientError) {
        let (store, subject) = (store, "\(repository.name)@\(manifest.config.digest)")
        let configuration = try await client.threads.run { () throws(RegistryClientError) in
            let bytes = try storing { () throws(ContentStoreError) in try store.read(manifest.config) }
            return try parsing { () throws(ImageSpecError) in
                try ImageConfiguration(parsing: bytes, subject: subject)
            }
        }
        let count = configuration.rootfs.diffIDs.count
        guard count == manifest.layers.count else {
            throw .unusable(
                subject: subject, reason: "has \(count) layers, but its manifest \(manifest.layers.count)")
        }
        if isPlatformWanted, platform.preference(for: configuration.platform) == nil {
            throw .unusable(
                subject: repository.name, reason: "no image for \(platform), only for \(configuration.platform)")
        }
    }

    // MARK: Blobs

    private func fetchAll(_ layers: [ContentDescriptor]) async throws(RegistryClientError) {
        for layer in layers { report(FetchProgress(content: layer, step: .waiting)) }
        try await withSeveral(of: layers, atOnce: Self.width) { layer throws(RegistryClientError) in
            try await fetch(layer, report: report)
        }
    }

    private func fetch(_ content: ContentDescriptor, report: @escaping @Sendable (FetchProgress) -> Void)
        async throws(RegistryClientError)
    {
        let (store, lease) = (store, lease)
        lease.hold(content.digest)
        let size = await client.threads.run { () throws(Never) in try? store.size(of: content.digest) }
        if let size {
            guard size == content.size else {
                throw .content(
                    .sizeMismatch(subject: "\(content.digest)", expected: content.size, actual: size))
            }
            return report(FetchProgress(content: content, step: .present))
        }
        let (client, repository) = (client, repository)
        let progress = progress(of: content, to: report)
        try await client.downloads.fetch(content.digest, report: progress) { tell in
            let download = BlobDownload(
                descriptor: content, repository: repository, store: store, lease: lease, threads: client.threads,
                report: tell)
            do throws(RegistryClientError) { return .success(try await download.run()) } catch {
                return .failure(error)
            }
        }
        report(FetchProgress(content: content, step: .downloaded))
    }

    private func progress(of content: ContentDescriptor, to report: @escaping @Sendable (FetchProgress) -> Void)
        -> @Sendable (DownloadStep) -> Void
    {
        { step in
            switch step {
            case .received(let bytes): report(FetchProgress(content: content, step: .downloading(bytes)))
            case .retrying(let reason): report(FetchProgress(content: content, step: .retrying(reason: reason)))
            }
        }
    }
}
