internal import BlockingThreads
internal import ContentStore
internal import ImageSpec
public import LineProtocol
internal import Logging
internal import RegistryClient

extension Images {
    /// Sends an image to its registry: the one for this machine's platform. What it consists of stays until it is there,
    /// whoever removes the image meanwhile.
    public func push(
        _ wanted: ImagePush.Parameters,
        deliver: @Sendable (ImageProgress) async throws(ProtocolFailure) -> Void
    ) async throws(ProtocolFailure) -> ImagePush.Result {
        try await telling(deliver) { feed throws(ProtocolFailure) in try await self.push(wanted, feed) }
    }

    private func push(_ wanted: ImagePush.Parameters, _ feed: ProgressFeed)
        async throws(ProtocolFailure) -> ImagePush.Result
    {
        let reference = try tagged(wanted.reference)
        let tag = reference.tag ?? ImageReference.defaultTag
        let lease = services.content.lease()
        defer { withExtendedLifetime(lease) {} }
        let manifest = try await hold(reference, lease)
        let repository = RemoteRepository(session(reference.domain, wanted.login), path: reference.path)
        let sources = await repositories(at: reference.domain, besides: reference.path)
        let upload = ImageUpload(services.registries, repository, from: services.content, mounting: sources) {
            feed.report(ImageProgress($0))
        }
        do { try await upload.run(manifest, as: tag) } catch { throw ProtocolFailure(error) }
        services.log.info("image \(reference.familiar): pushed as \(manifest.digest)")
        await announce("push", manifest.digest, name: reference.familiar)
        return ImagePush.Result(
            fullReference: "\(reference)", tag: tag, digest: "\(manifest.digest)", size: manifest.size)
    }

    /// Lets `lease` hold the image that is called `reference`; answers its manifest.
    private func hold(_ reference: ImageReference, _ lease: ContentLease)
        async throws(ProtocolFailure) -> ContentDescriptor
    {
        // A collection passes the gate: none is between the name and the lease.
        await gate.enter()
        defer { gate.leave() }
        guard let name = records.values.lazy.flatMap(\.names).first(where: { $0.reference == reference }) else {
            throw ProtocolFailure(
                .noSuchImage, "no image is called \(reference.familiar): give it that name with `wherry tag`")
        }
        try await hold(name.manifest, lease)
        return name.manifest
    }

    /// Lets `lease` hold all that the image with this manifest consists of. Whoever calls it has passed the gate.
    func hold(_ manifest: ContentDescriptor, _ lease: ContentLease) async throws(ProtocolFailure) {
        let content = services.content
        let held = try await services.threads.run { () throws(ProtocolFailure) in
            do throws(ContentStoreError) { return try content.contents(ofManifest: manifest.digest) } catch {
                throw ProtocolFailure(error)
            }
        }
        for digest in held { lease.hold(digest) }
    }

    /// By content, a repository of the registry `domain` that should have it: one that an image of ours is named by.
    private func repositories(at domain: String, besides path: String) async -> [Digest: String] {
        let names = records.values.flatMap(\.names).filter {
            $0.reference.domain == domain && $0.reference.path != path
        }
        let content = services.content
        return await services.threads.run { () throws(Never) in
            names.reduce(into: [:]) { sources, name in
                // What cannot be read cannot be mounted either: it is sent.
                for digest in (try? content.contents(ofManifest: name.manifest.digest)) ?? [] {
                    sources[digest] = name.reference.path
                }
            }
        }
    }
}

extension ImageProgress {
    init(_ progress: PushProgress) {
        let (content, total) = ("\(progress.content.digest)", progress.content.size)
        switch progress.step {
        case .waiting: self.init(content: content, step: .preparing, total: total)
        case .present: self.init(content: content, step: .present, total: total)
        case .mounted(let source): self.init(content: content, step: .mounted, total: total, source: source)
        case .uploading(let bytes): self.init(content: content, step: .uploading, current: bytes, total: total)
        case .retrying(let reason): self.init(content: content, step: .retrying, total: total, reason: reason)
        case .uploaded: self.init(content: content, step: .uploaded, total: total)
        }
    }
}
