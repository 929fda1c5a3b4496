internal import ContentStore
internal import ImageSpec
internal import Layers
public import LineProtocol
internal import LinuxKernel
internal import Logging
internal import RegistryClient

extension Images {
    /// Fetches an image from its registry. Whoever waits may go: what others wait for too goes on, and what came so
    /// far is there for the next one. An image that is being unpacked is taken on the books all the same.
    public func pull(
        _ wanted: ImagePull.Parameters,
        deliver: @Sendable (ImageProgress) async throws(ProtocolFailure) -> Void
    ) async throws(ProtocolFailure) -> ImagePull.Result {
        try await telling(deliver) { feed throws(ProtocolFailure) in try await self.pull(wanted, feed) }
    }

    private func pull(_ wanted: ImagePull.Parameters, _ feed: ProgressFeed)
        async throws(ProtocolFailure) -> ImagePull.Result
    {
        let reference = try parse(wanted.reference).withDefaultTag
        // What is named by a digest is that, whatever the tag beside it says.
        let name = reference.digest.map { reference.pinned(to: $0) } ?? reference
        let platform = try Self.platform(wanted.platform)
        let lease = services.content.lease()
        defer { withExtendedLifetime(lease) {} }
        let session = session(reference.domain, wanted.login)
        let fetch = ImageFetch(
            services.registries, RemoteRepository(session, path: reference.path), into: services.content,
            holding: lease, platform: platform
        ) { feed.report(ImageProgress($0)) }
        let fetched: FetchedImage
        do { fetched = try await fetch.run(reference) } catch { throw ProtocolFailure(error) }
        return try await take(in: fetched, as: name, feed)
    }

    /// Takes a fetched image on the books, in its turn.
    private func take(in fetched: FetchedImage, as reference: ImageReference, _ feed: ProgressFeed)
        async throws(ProtocolFailure) -> ImagePull.Result
    {
        let name = ImageName(reference: reference, target: fetched.target, manifest: fetched.manifest)
        let id = fetched.configuration.digest
        await gate.enter()
        defer { gate.leave() }
        let isNew = records[id]?.names.contains(name) != true
        if isNew {
            let image = UnpackableImage(manifest: fetched.manifest, configuration: id)
            try await keep(image, called: [name], action: "pull") { feed.report($0) }
        }
        return ImagePull.Result(
            id: "\(id)", reference: reference.familiar, fullReference: "\(reference)",
            digest: "\(fetched.target.digest)", isNew: isNew)
    }

    static func platform(_ text: String?) throws(ProtocolFailure) -> Platform? {
        guard let text else { return nil }
        do { return try Platform(parsing: text) } catch { throw ProtocolFailure(error) }
    }
}

extension ImageProgress {
    init(_ progress: FetchProgress) {
        let (content, total) = ("\(progress.content.digest)", progress.content.size)
        switch progress.step {
        case .present: self.init(content: content, step: .present, total: total)
        case .waiting: self.init(content: content, step: .waiting, total: total)
        case .downloading(let bytes):
            self.init(content: content, step: .downloading, current: bytes, total: total)
        case .retrying(let reason): self.init(content: content, step: .retrying, total: total, reason: reason)
        case .downloaded: self.init(content: content, step: .downloaded, total: total)
        }
    }
}
