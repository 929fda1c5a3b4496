internal import BlockingThreads
internal import ContentStore
internal import ImageSpec
internal import Layers
public import LineProtocol
internal import LinuxKernel
internal import Snapshots

extension Containers {
    /// Makes an image of a container, and answers its ID.
    public func commit(_ wanted: ContainerCommit.Parameters) async throws(ProtocolFailure) -> ContainerCommit.Result {
        let container = try find(wanted.container)
        let isPaused = wanted.pause ? await container.pauseForAWhile() : false
        let image: Result<String, ProtocolFailure>
        do { image = .success(try await images.commit(wanted, of: await container.source)) } catch {
            image = .failure(error)
        }
        if isPaused { try? await container.unpause() }
        let id = try image.get()
        await container.announce("commit", ["imageID": id, "imageRef": wanted.reference ?? ""])
        return ContainerCommit.Result(id: id)
    }
}

/// What an image is made of.
struct CommitSource: Sendable {
    let container: String
    let name: String
    /// The digest of its image's configuration.
    let image: Digest
    let specification: ContainerSpecification
    let configuration: ContainerConfiguration
}

extension Container {
    /// Whether it ran, and stands still now.
    fileprivate func pauseForAWhile() async -> Bool {
        guard record.lifecycle.phase == .running else { return false }
        return (try? await pause()) != nil
    }

    fileprivate var source: CommitSource {
        CommitSource(
            container: id, name: record.name, image: record.imageID, specification: record.specification,
            configuration: record.configuration)
    }
}

extension Images {
    /// Makes an image of a container's image and what the container has changed.
    func commit(_ wanted: ContainerCommit.Parameters, of source: CommitSource) async throws(ProtocolFailure) -> String {
        let reference = try newName(wanted.reference)
        if reference?.digest != nil {
            throw ProtocolFailure(.invalidArgument, "an image cannot be given a digest: use a name and a tag")
        }
        guard let image = records[source.image] else {
            throw ProtocolFailure(
                .noSuchImage, "the image of container \(source.name) is gone: a commit needs its layers")
        }
        let configuration = try await configuration(of: image)
        return try await bringing { lease throws(ProtocolFailure) in
            let services = services
            let archived = try await services.threads.run { () throws(ProtocolFailure) in
                let commit = try ImageCommit(wanted, of: source, configuration.config, services)
                let layer = try writeLayer(of: source.container, services)
                let manifest: Manifest
                do throws(ContentStoreError) {
                    manifest = try Manifest(reading: image.manifest, from: services.content)
                } catch { throw ProtocolFailure(error) }
                do throws(LayerError) {
                    return try commit.make(above: manifest, configuration, layer: layer.descriptor, holding: lease)
                } catch { throw ProtocolFailure(error) }
            }
            return try await keep(archived, named: reference.map { [$0] } ?? [], action: "commit").id
        }
    }
}

/// The layer of what a container has changed, in a file without a name.
private func writeLayer(of container: String, _ services: Services) throws(ProtocolFailure) -> OwnedDescriptor {
    let changes: [TreeChange]
    let tree: OwnedDescriptor
    do throws(SnapshotError) {
        changes = try services.snapshots.changes(ofContainer: container, ignoring: placesForMounts)
        tree = try services.snapshots.changedTree(ofContainer: container)
    } catch { throw ProtocolFailure(error) }
    do throws(LayerError) {
        let file = try namelessFile(in: services.layout.root)
        var archive = try TreeArchive(file.descriptor, isCompressed: true)
        try archive.add(changes, from: tree.descriptor)
        try archive.finish()
        try rewind(file.descriptor)
        return file
    } catch { throw ProtocolFailure(error) }
}

private func namelessFile(in directory: String) throws(LayerError) -> OwnedDescriptor {
    let path = "\(directory)/commit-\(randomIdentifier())"
    do throws(SystemError) {
        let here = Descriptor.workingDirectory
        let file = try here.open(path, [.readWrite, .create, .exclusive, .noFollow], mode: 0o600)
        try here.removeFile(path)
        return file
    } catch { throw .system(error) }
}

private func rewind(_ file: Descriptor) throws(LayerError) {
    do throws(SystemError) { try file.seek(to: 0) } catch { throw .system(error) }
}

extension ImageCommit {
    fileprivate init(
        _ wanted: ContainerCommit.Parameters, of source: CommitSource, _ image: ContainerDefaults?, _ services: Services
    ) throws(ProtocolFailure) {
        var step = History(
            created: "\(Timestamp.now)", createdBy: source.configuration.arguments.joined(separator: " "),
            comment: wanted.message)
        step.author = wanted.author
        do throws(LayerError) {
            try self.init(
                store: services.content, defaults: ContainerDefaults(of: source, image ?? ContainerDefaults()),
                changes: wanted.changes, step: step)
        } catch { throw ProtocolFailure(error) }
    }
}

extension ContainerDefaults {
    /// What containers of the new image start with: what this one was told, and else what its image says.
    init(of source: CommitSource, _ image: ContainerDefaults) {
        self = image
        let (specification, configuration) = (source.specification, source.configuration)
        var variables = Environment(image.environment ?? [])
        for entry in specification.environment { variables.set(entry) }
        environment = variables.entries
        (entrypoint, command) = (configuration.entrypoint, configuration.command)
        if !configuration.user.isEmpty { user = configuration.user }
        if let directory = specification.workingDirectory { workingDirectory = directory }
        labels = configuration.labels.isEmpty ? nil : configuration.labels
        stopSignal = configuration.stopSignal
        stopTimeout = configuration.stopTimeout
    }
}
