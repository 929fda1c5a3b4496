internal import BlockingThreads
internal import Layers
public import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import Snapshots

extension Container {
    /// Changes that go into one line of the protocol.
    private static let changesInALine = 500

    /// Gives what the container has changed of its image to `deliver`.
    public func diff(deliver: @Sendable (ContainerDiff.Item) async throws(ProtocolFailure) -> Void)
        async throws(ProtocolFailure)
    {
        let (snapshots, id) = (services.snapshots, id)
        let changes = try await services.threads.run { () throws(ProtocolFailure) in
            do throws(SnapshotError) {
                return try snapshots.changes(ofContainer: id, ignoring: placesForMounts)
            } catch { throw ProtocolFailure(error) }
        }
        for start in stride(from: 0, to: changes.count, by: Self.changesInALine) {
            let some = changes[start..<min(start + Self.changesInALine, changes.count)]
            try await deliver(ContainerDiff.Item(changes: some.map(ContainerDiff.Change.init)))
        }
    }

    /// Writes all files of the container's own, without what is mounted in it, to the archive whose descriptor `passed`
    /// holds.
    public func export(to passed: PassedDescriptors) async throws(ProtocolFailure) {
        let archive = try Images.archive(passed)
        let root = try await openRoot()
        try await services.threads.run { () throws(ProtocolFailure) in
            do throws(LayerError) {
                var tree = try TreeArchive(archive.descriptor)
                try tree.add(everythingBelow: root.descriptor)
                try tree.finish()
            } catch { throw ProtocolFailure(error) }
        }
        await announce("export")
    }

    /// The root filesystem, which stays reachable by its descriptor whatever becomes of the container.
    private func openRoot() async throws(ProtocolFailure) -> SharedDescriptor {
        await gate.enter()
        defer { gate.leave() }
        let (snapshots, id, rootfs) = (services.snapshots, id, paths.rootfs)
        let place = record.lifecycle.isRunning ? nil : services.layout.shown(randomIdentifier())
        return try await services.threads.run { () throws(ProtocolFailure) in
            guard let place else { return SharedDescriptor(try openDirectory(rootfs)) }
            return SharedDescriptor(try openShownRoot(of: id, by: snapshots, at: place))
        }
    }
}

/// Where every container has something mounted. Runtimes make the places that the image lacks.
let placesForMounts: Set<[UInt8]> = Set(
    [
        "proc", "sys", "dev", "dev/pts", "dev/shm", "dev/mqueue", "dev/console", "etc/hostname", "etc/hosts",
        "etc/resolv.conf",
    ].map { Array($0.utf8) })

private func openDirectory(_ path: String) throws(ProtocolFailure) -> OwnedDescriptor {
    do throws(SystemError) { return try Descriptor.workingDirectory.open(path, [.directory]) } catch {
        throw ProtocolFailure(error)
    }
}

/// Mounts for a moment: the descriptor keeps what is seen.
private func openShownRoot(of id: String, by snapshots: any Snapshotter, at place: String) throws(ProtocolFailure)
    -> OwnedDescriptor
{
    do throws(SystemError) { try Descriptor.workingDirectory.makeDirectories(place, mode: 0o700) } catch {
        throw ProtocolFailure(error)
    }
    defer {
        try? snapshots.unmount(at: place)
        try? Descriptor.workingDirectory.removeDirectory(place)
    }
    do throws(SnapshotError) { try snapshots.show(id, at: place) } catch { throw ProtocolFailure(error) }
    return try openDirectory(place)
}

extension ContainerDiff.Change {
    fileprivate init(_ change: TreeChange) {
        self.init(kind: change.kind.rawValue, path: "/" + String(decoding: change.path, as: UTF8.self))
    }
}
