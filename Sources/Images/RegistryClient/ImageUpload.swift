internal import BlockingThreads
public import ContentStore
public import ImageSpec

/// What is told while an image goes.
public struct PushProgress: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        case waiting
        /// The registry has it already.
        case present
        /// The registry took it from another of its repositories.
        case mounted(from: String)
        case uploading(Int64)
        case retrying(reason: String)
        case uploaded
    }
    public let content: ContentDescriptor
    public let step: Step
}

/// Sends one image to a repository: what it consists of, and then the manifest, so that nobody finds half of it there.
public struct ImageUpload: Sendable {
    /// Uploads of one image at once.
    private static let width = 4

    let client: RegistryClient
    let repository: RemoteRepository
    let store: ContentStore
    /// Repositories of the same registry that may have a content, by its digest.
    let sources: [Digest: String]
    let report: @Sendable (PushProgress) -> Void

    public init(
        _ client: RegistryClient, _ repository: RemoteRepository, from store: ContentStore,
        mounting sources: [Digest: String] = [:], report: @escaping @Sendable (PushProgress) -> Void
    ) {
        self.client = client
        self.repository = repository
        self.store = store
        self.sources = sources
        self.report = report
    }

    /// Sends the image whose manifest `descriptor` describes, under `tag`. All of it must be in the store, and stay.
    public func run(_ descriptor: ContentDescriptor, as tag: String) async throws(RegistryClientError) {
        let (bytes, manifest) = try await read(descriptor)
        let layers = manifest.distinctLayers
        for layer in layers { report(PushProgress(content: layer, step: .waiting)) }
        try await withSeveral(of: layers, atOnce: Self.width) { layer throws(RegistryClientError) in
            let report = report
            try await send(layer) { report(PushProgress(content: layer, step: $0)) }
        }
        try await send(manifest.config) { _ in }
        try await repository.put(bytes, descriptor, as: tag)
    }

    private func read(_ descriptor: ContentDescriptor)
        async throws(RegistryClientError) -> (bytes: [UInt8], manifest: Manifest)
    {
        let (store, subject) = (store, "\(repository.name)@\(descriptor.digest)")
        return try await client.threads.run { () throws(RegistryClientError) in
            let bytes = try storing { () throws(ContentStoreError) in try store.read(descriptor) }
            let document = try parsing { () throws(ImageSpecError) in
                try ManifestDocument(parsing: bytes, declared: descriptor.mediaType, subject: subject)
            }
            guard case .manifest(let manifest) = document else {
                throw .unusable(subject: subject, reason: "is an index, where the manifest of an image is expected")
            }
            return (bytes, manifest)
        }
    }

    private func send(_ content: ContentDescriptor, report: @escaping @Sendable (PushProgress.Step) -> Void)
        async throws(RegistryClientError)
    {
        try await BlobUpload(
            content: content, repository: repository, store: store, threads: client.threads,
            source: sources[content.digest], report: report
        ).run()
    }
}

extension Manifest {
    /// Each layer once, in their order.
    var distinctLayers: [ContentDescriptor] {
        layers.reduce(into: []) { unique, layer in
            if !unique.contains(where: { $0.digest == layer.digest }) { unique.append(layer) }
        }
    }
}
