internal import BlockingThreads
internal import ContentStore
internal import ImageSpec
internal import Layers
public import LineConnections
public import LineProtocol
internal import LinuxKernel

extension Images {
    /// Writes the images that `texts` name to the archive whose descriptor `passed` holds. What they consist of stays
    /// until it is written, whoever removes an image meanwhile.
    public func save(_ texts: [String], to passed: PassedDescriptors) async throws(ProtocolFailure) {
        let lease = services.content.lease()
        defer { withExtendedLifetime(lease) {} }
        let images = try await hold(texts, lease)
        let content = services.content
        try await services.threads.run { () throws(ProtocolFailure) in
            let archive = try Self.archive(passed)
            do throws(LayerError) { try ImageArchiveWriter(store: content).write(images, to: archive.descriptor) } catch
            {
                throw ProtocolFailure(error)
            }
        }
    }

    private func hold(_ texts: [String], _ lease: ContentLease) async throws(ProtocolFailure) -> [ArchivableImage] {
        // A collection passes the gate: none is between the names and the lease.
        await gate.enter()
        defer { gate.leave() }
        var images: [ArchivableImage] = []
        for text in texts { images += try archivable(text) }
        for image in images { try await hold(image.manifest, lease) }
        return images
    }

    /// A name stands for what it names, without a tag for all tags of its repository, and an ID for the image without
    /// its names.
    private func archivable(_ text: String) throws(ProtocolFailure) -> [ArchivableImage] {
        let image = try find(text)
        guard let reference = try? ImageReference(parsing: text) else {
            return [ArchivableImage(manifest: image.manifest, references: [])]
        }
        let isWhole = reference.tag == nil && reference.digest == nil
        let names = records.values.flatMap(\.names).filter { name in
            isWhole
                ? name.reference.repository == reference.repository && name.reference.digest == nil
                : name.isCalled(reference)
        }
        guard !names.isEmpty else { return [ArchivableImage(manifest: image.manifest, references: [])] }
        return names.sorted { "\($0.reference)" < "\($1.reference)" }.map { name in
            ArchivableImage(
                manifest: name.manifest, references: name.reference.digest == nil ? [name.reference] : [])
        }
    }
}
