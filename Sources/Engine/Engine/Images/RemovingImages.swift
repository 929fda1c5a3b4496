internal import BlockingThreads
internal import ContentStore
internal import ImageSpec
internal import Layers
internal import LineConnections
internal import LineProtocol
internal import Logging
internal import Snapshots

extension Images {
    /// Takes the name `text` from its image, and removes the image with its last one. An ID stands for all names, and
    /// several names for one ID need force. `users` are the containers made from the image.
    func remove(_ text: String, force: Bool, users: @Sendable (Digest) async -> [ContainerUse])
        async throws(ProtocolFailure) -> ImageRemove.Result
    {
        await gate.enter()
        defer { gate.leave() }
        let image = try find(text)
        let users = await users(image.id)
        let named = named(text, of: image)
        if !named.isEmpty, image.references.count > named.count { return try await untag(named, of: image) }
        if named.isEmpty, image.references.count > 1, !force {
            throw ProtocolFailure(
                .inUse,
                "image \(image.id.short) has several names (\(image.familiarNames.joined(separator: ", "))): remove "
                    + "them one by one, or all by force")
        }
        if let user = users.first(where: \.isRunning) ?? (force ? nil : users.first) {
            throw ProtocolFailure(
                .inUse,
                "image \(text) is used by the \(user.isRunning ? "running " : "")container \(user.name)"
                    + (user.isRunning ? "" : ": remove that first, or remove the image by force"))
        }
        // A container that was made from it still needs its layers: then only the names go.
        guard users.isEmpty else { return try await untag(image.references, of: image) }
        let result = try await takeOff(image)
        await collect()
        return result
    }

    /// Takes an image and its names off the books; a collection frees what they take.
    func takeOff(_ image: ImageRecord) async throws(ProtocolFailure) -> ImageRemove.Result {
        var result = try await untag(image.references, of: image)
        try await services.store.removeImage(image.id)
        forget(image.id)
        services.log.info("image \(image.id.short): removed")
        await announce("delete", image.id, name: nil)
        result.deleted.append("\(image.id)")
        return result
    }

    /// The references that `text` takes with it; none when it is an ID. With a repository's last tag go the digests
    /// that the image is known by there.
    private func named(_ text: String, of image: ImageRecord) -> [ImageReference] {
        guard let reference = try? ImageReference(parsing: text).withDefaultTag,
            image.references.contains(reference)
        else { return [] }
        let siblings = image.references.filter { $0.repository == reference.repository && $0 != reference }
        let isLastTag = reference.digest == nil && siblings.allSatisfy { $0.digest != nil }
        return [reference] + (isLastTag ? siblings : [])
    }

    private func untag(_ references: [ImageReference], of image: ImageRecord)
        async throws(ProtocolFailure) -> ImageRemove.Result
    {
        for reference in references {
            try await services.store.removeImageName(reference)
            records[image.id]?.names.removeAll { $0.reference == reference }
            await announce("untag", image.id, name: reference.familiar)
        }
        return ImageRemove.Result(untagged: references.map(\.familiar), deleted: [])
    }

    /// Deletes blobs and layers that no image refers to and no lease holds. What cannot be deleted now is tried again
    /// the next time. Whoever calls it has passed the gate: layers that are being unpacked are held by nothing else.
    ///
    /// Answers the bytes that are free now; layers are measured only if that `isMeasured`, which takes a while.
    @discardableResult
    func collect(isMeasured: Bool = false) async -> Int64 {
        var blobs: Set<Digest> = []
        var chains: Set<ChainID> = []
        for image in records.values {
            // What an unreadable image needs is not known: then nothing may go.
            guard let configuration = try? await configuration(of: image) else { return 0 }
            blobs.formUnion(image.documents)
            chains.formUnion(Self.chains(configuration))
        }
        let (content, snapshots) = (services.content, services.snapshots)
        let (known, kept, manifests) = (blobs, chains, records.values.flatMap(\.manifests))
        return await services.threads.run { () throws(Never) in
            var blobs = known
            for manifest in manifests {
                guard let layers = try? Manifest(reading: manifest, from: content).layers else { return 0 }
                blobs.formUnion(layers.map(\.digest))
            }
            let unpacked = Self.deleteLayers(allBut: kept, in: snapshots, isMeasured: isMeasured)
            return unpacked + ((try? content.collect(keeping: blobs)) ?? []).reduce(0) { $0 + $1.size }
        }
    }

    /// The topmost first: a layer that another stands on cannot go. One that a container stands on stays. Answers the
    /// bytes of those that went.
    private static func deleteLayers(allBut kept: Set<ChainID>, in snapshots: any Snapshotter, isMeasured: Bool)
        -> Int64
    {
        var freed: Int64 = 0
        var doomed = ((try? snapshots.layers()) ?? []).filter { !kept.contains($0.chain) }
        while true {
            let parents = Set(doomed.compactMap(\.parent))
            let (tops, rest) = (
                doomed.filter { !parents.contains($0.chain) }, doomed.filter { parents.contains($0.chain) }
            )
            if tops.isEmpty { return freed }
            for layer in tops {
                let size = isMeasured ? (try? snapshots.usage(of: layer.chain))?.size ?? 0 : 0
                if (try? snapshots.removeLayer(layer.chain)) != nil { freed += size }
            }
            doomed = rest
        }
    }
}

/// A container that was made from an image.
struct ContainerUse: Sendable {
    let name: String
    let isRunning: Bool
}
