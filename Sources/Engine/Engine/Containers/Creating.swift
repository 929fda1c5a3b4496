internal import BlockingThreads
internal import ImageSpec
internal import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import Snapshots

extension Containers {
    /// Makes a container, without starting it. It is either there afterwards, whole, or nothing of it is.
    public func create(_ asked: ContainerSpecification) async throws(ProtocolFailure) -> ContainerCreate.Result {
        try SpecificationCheck(services.machine).check(asked)
        let wanted = try resolved(asked)
        let image = try await images.resolve(wanted.image, platform: wanted.platform)
        let id = randomIdentifier()
        let configuration = try ContainerConfiguration(
            wanted, image: image.defaults, id: id, networkName: await networkName(wanted))
        let mounts = try MountRules.mounts(wanted, image: image.defaults)
        let name = try reserve(wanted.name, for: id, image: image.id)
        let record = ContainerRecord(
            id: id, name: name, created: .now, image: image.name, imageID: image.id, specification: wanted,
            configuration: configuration, mounts: mounts.map(find))
        let container = Container(record, services, registry: self)
        do throws(ProtocolFailure) {
            try await services.store.insert(record)
            try await container.prepare(image.chain, volumes)
            add(container, named: name)
        } catch {
            await container.undoCreation(volumes)
            cancelReservation(name)
            throw error
        }
        return ContainerCreate.Result(id: id, name: name, warnings: [])
    }

    /// Where a mount comes from. A volume without a name gets one now, so that a creation that is interrupted can be
    /// undone with all it made.
    private func find(_ mount: ContainerSpecification.Mount) -> ContainerMount {
        var found = ContainerMount(
            kind: mount.kind, source: mount.source ?? "", target: mount.target, isReadOnly: mount.readOnly,
            propagation: mount.propagation, noCopy: mount.noCopy)
        guard mount.kind == .volume else { return found }
        let name = mount.source ?? randomIdentifier()
        found.volume = name
        found.isAnonymous = mount.source == nil
        found.source = services.layout.volumeData(name)
        return found
    }
}

extension Container {
    /// Makes the container's directories, writable layer and volumes.
    func prepare(_ chain: ChainID?, _ volumes: Volumes) async throws(ProtocolFailure) {
        let (snapshots, id, paths) = (services.snapshots, id, paths)
        try await services.threads.run { () throws(ProtocolFailure) in
            do throws(SystemError) { try Descriptor.workingDirectory.makeDirectory(paths.lasting, mode: 0o700) } catch {
                throw ProtocolFailure(error)
            }
            do throws(SnapshotError) { try snapshots.prepareContainer(id, on: chain) } catch {
                throw ProtocolFailure(error)
            }
        }
        for mount in record.mounts {
            if let volume = mount.volume { try await volumes.ensure(volume, isAnonymous: mount.isAnonymous) }
        }
        try await fillVolumes()
        _ = try await happen(.prepared)
    }

    /// A volume that is empty takes what the image has at its place.
    private func fillVolumes() async throws(ProtocolFailure) {
        let fills = record.mounts.filter { $0.kind == .volume && !$0.noCopy }
        guard !fills.isEmpty else { return }
        let (snapshots, id, paths) = (services.snapshots, id, paths)
        try await services.threads.run { () throws(ProtocolFailure) in
            try withMountedRoot(of: id, at: paths, by: snapshots) { root throws(ProtocolFailure) in
                for mount in fills {
                    do throws(SystemError) { try copyUp(mount.target, of: root, into: mount.source) } catch {
                        throw ProtocolFailure(error)
                    }
                }
            }
        }
    }

    /// Removes what a creation that failed, or that a crash interrupted, left behind.
    func undoCreation(_ volumes: Volumes) async {
        let (snapshots, id, paths) = (services.snapshots, id, paths)
        await services.threads.run { () throws(Never) in
            try? snapshots.unmount(at: paths.rootfs)
            try? snapshots.removeContainer(id)
            try? Descriptor.workingDirectory.removeTree(paths.bundle)
            try? Descriptor.workingDirectory.removeTree(paths.lasting)
        }
        for mount in record.mounts where mount.isAnonymous {
            if let volume = mount.volume { try? await volumes.remove(volume) }
        }
        try? await services.store.removeContainer(id)
    }
}

/// Calls `body` with the container's root filesystem, mounted as long as that takes.
func withMountedRoot(
    of id: String, at paths: ContainerPaths, by snapshots: any Snapshotter,
    _ body: (Descriptor) throws(ProtocolFailure) -> Void
) throws(ProtocolFailure) {
    do throws(SystemError) { try Descriptor.workingDirectory.makeDirectories(paths.rootfs, mode: 0o700) } catch {
        throw ProtocolFailure(error)
    }
    do throws(SnapshotError) { try snapshots.mount(id, at: paths.rootfs) } catch { throw ProtocolFailure(error) }
    // A mount that cannot be undone now is undone when the container is torn down.
    defer {
        try? snapshots.unmount(at: paths.rootfs)
        try? Descriptor.workingDirectory.removeTree(paths.bundle)
    }
    let root: OwnedDescriptor
    do throws(SystemError) { root = try Descriptor.workingDirectory.open(paths.rootfs, [.directory]) } catch {
        throw ProtocolFailure(error)
    }
    try body(root.descriptor)
}
