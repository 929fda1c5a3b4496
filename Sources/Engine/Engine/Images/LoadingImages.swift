internal import BlockingThreads
internal import ContentStore
internal import ImageSpec
internal import Layers
public import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import Logging
internal import Snapshots

extension Images {
    /// Reads all images of the archive, or of the directory that is an OCI layout, whose descriptor `passed` holds.
    public func load(_ passed: PassedDescriptors) async throws(ProtocolFailure) -> [ImageLoad.Loaded] {
        try await bringing { lease throws(ProtocolFailure) in
            let content = services.content
            let archived = try await services.threads.run { () throws(ProtocolFailure) in
                let archive = try Self.archive(passed)
                do throws(LayerError) {
                    return try ImageArchiveReader(store: content).read(archive, holding: lease)
                } catch { throw ProtocolFailure(error) }
            }
            var loaded: [ImageLoad.Loaded] = []
            for image in archived { loaded.append(try await keep(image, named: image.references, action: "load")) }
            return loaded
        }
    }

    /// Calls `body`, which brings an image's contents under the lease and takes the image on the books, in its turn.
    /// What a failure leaves behind is collected.
    func bringing<Value: Sendable>(
        _ body: (ContentLease) async throws(ProtocolFailure) -> Value
    ) async throws(ProtocolFailure) -> Value {
        await gate.enter()
        defer { gate.leave() }
        let lease = services.content.lease()
        defer { withExtendedLifetime(lease) {} }
        do throws(ProtocolFailure) { return try await body(lease) } catch {
            await collect()
            throw error
        }
    }

    /// Makes an image of the root filesystem archive whose descriptor `passed` holds.
    public func `import`(_ parameters: ImageImport.Parameters, _ passed: PassedDescriptors)
        async throws(ProtocolFailure) -> String
    {
        let reference = try newName(parameters.reference)
        return try await bringing { lease throws(ProtocolFailure) in
            let content = services.content
            let archived = try await services.threads.run { () throws(ProtocolFailure) in
                let archive = try Self.archive(passed)
                return try Self.importer(parameters, content).read(archive, holding: lease)
            }
            return try await keep(archived, named: reference.map { [$0] } ?? [], action: "import").id
        }
    }

    /// The descriptor of an archive that came with a request.
    static func archive(_ passed: PassedDescriptors) throws(ProtocolFailure) -> OwnedDescriptor {
        guard let archive = passed.takeOnly() else {
            throw ProtocolFailure(.invalidParameters, "the archive's descriptor must come with the request")
        }
        return archive
    }

    private static func importer(_ parameters: ImageImport.Parameters, _ content: ContentStore)
        throws(ProtocolFailure) -> ImageImporter
    {
        var platform = Platform.host
        if let text = parameters.platform {
            do { platform = try Platform(parsing: text) } catch { throw ProtocolFailure(error) }
        }
        do {
            return try ImageImporter(
                store: content, created: "\(Timestamp.now)", platform: platform, changes: parameters.changes,
                message: parameters.message)
        } catch { throw ProtocolFailure(error) }
    }

    func keep(_ archived: ArchivedImage, named references: [ImageReference], action: String)
        async throws(ProtocolFailure) -> ImageLoad.Loaded
    {
        let names = references.map {
            ImageName(reference: $0, target: archived.manifest, manifest: archived.manifest)
        }
        let image = UnpackableImage(manifest: archived.manifest, configuration: archived.configuration.digest)
        try await keep(image, called: names, action: action)
        return ImageLoad.Loaded(id: "\(archived.configuration.digest)", references: references.map(\.familiar))
    }

    /// Unpacks an image whose blobs are in the store, and takes it on the books. Whoever calls it has passed the gate,
    /// since a collection knows neither the unpacked layers nor the blobs of what is not on the books yet, and holds
    /// a lease on the blobs, which were there before.
    func keep(
        _ unpackable: UnpackableImage, called names: [ImageName], action: String,
        report: @escaping @Sendable (ImageProgress) -> Void = { _ in }
    ) async throws(ProtocolFailure) {
        let (content, snapshots) = (services.content, services.snapshots)
        let size = try await services.threads.run { () throws(ProtocolFailure) in
            try Self.unpack(unpackable, from: content, into: snapshots, report: report)
        }
        let id = unpackable.configuration
        var image = ImageRecord(id: id, manifest: unpackable.manifest, size: size, names: names)
        try await services.store.save(image)
        take(image.references, awayFromAllBut: id)
        image.names += (records[id]?.names ?? []).filter { !image.references.contains($0.reference) }
        records[id] = image
        services.log.info("image \(id.short): \(action) done, names \(image.familiarNames)")
        await announce(action, id, name: names.first?.reference.familiar)
    }

    /// A name that moved to another image leaves the old one without it.
    func take(_ references: [ImageReference], awayFromAllBut id: Digest) {
        for other in records.keys where other != id {
            records[other]?.names.removeAll { references.contains($0.reference) }
        }
    }

    /// Unpacks what is not there yet; answers the bytes of all layers.
    private static func unpack(
        _ image: UnpackableImage, from content: ContentStore, into snapshots: any Snapshotter,
        report: (ImageProgress) -> Void
    ) throws(ProtocolFailure) -> Int64 {
        let configuration: ImageConfiguration
        let manifest: Manifest
        do throws(ContentStoreError) {
            configuration = try ImageConfiguration(reading: image.configuration, from: content)
            manifest = try Manifest(reading: image.manifest, from: content)
        } catch { throw ProtocolFailure(error) }
        do throws(SnapshotError) {
            _ = try snapshots.unpack(manifest, configuration, from: content) { layer, isDone in
                report(
                    ImageProgress(
                        content: "\(layer.digest)", step: isDone ? .unpacked : .unpacking, total: layer.size))
            }
            var total: Int64 = 0
            for chain in chains(configuration) { total += try snapshots.usage(of: chain).size }
            return total
        } catch { throw ProtocolFailure(error) }
    }

    /// From the lowest layer alone to all of them.
    static func chains(_ configuration: ImageConfiguration) -> [ChainID] {
        // Fails only where libcrypto cannot hash; then nothing could be unpacked either.
        (try? ChainID.all(of: configuration.rootfs.diffIDs)) ?? []
    }
}

/// An image whose blobs are in the content store.
struct UnpackableImage: Sendable {
    let manifest: ContentDescriptor
    /// The digest of the configuration.
    let configuration: Digest
}

extension ImageArchiveReader {
    func read(_ source: borrowing OwnedDescriptor, holding lease: ContentLease) throws(LayerError) -> [ArchivedImage] {
        // What has no status has no content either, and says so when it is read.
        let isDirectory = (try? source.descriptor.status().kind) == .directory
        return isDirectory
            ? try read(layout: source.descriptor, holding: lease) : try read(from: source.descriptor, holding: lease)
    }
}

extension ImageImporter {
    func read(_ archive: borrowing OwnedDescriptor, holding lease: ContentLease) throws(ProtocolFailure)
        -> ArchivedImage
    {
        do { return try read(from: archive.descriptor, holding: lease) } catch { throw ProtocolFailure(error) }
    }
}

extension Manifest {
    /// The manifest that `descriptor` describes, verified; one that is none counts as damaged.
    init(reading descriptor: ContentDescriptor, from store: ContentStore) throws(ContentStoreError) {
        let bytes = try store.read(descriptor)
        guard case .manifest(let manifest)? = try? ManifestDocument(parsing: bytes, declared: descriptor.mediaType)
        else { throw .damaged(descriptor.digest, path: store.path) }
        self = manifest
    }
}
