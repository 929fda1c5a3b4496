internal import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec
internal import Snapshots

/// Makes what a runtime needs of a container: its mounted root filesystem, the files of its identity, `config.json`.
/// Blocks.
struct Bundle: Sendable {
    let container: ContainerRecord
    let paths: ContainerPaths
    let machine: Machine
    let joined: JoinedContainers
    let snapshots: any Snapshotter

    func make() throws(ProtocolFailure) {
        do throws(SystemError) {
            try Descriptor.workingDirectory.makeDirectories(paths.rootfs, mode: 0o700)
            try makeBindSources()
            try makeSharedMemory()
        } catch { throw ProtocolFailure(error) }
        do throws(SnapshotError) { try snapshots.mount(container.id, at: paths.rootfs) } catch {
            throw ProtocolFailure(error)
        }
        let configuration = try RuntimeConfiguration(container, surroundings(), paths: paths, machine: machine)
        do throws(SystemError) {
            try writeIdentity()
            try write(Envelope.encode(configuration), to: paths.configuration)
        } catch { throw ProtocolFailure(error) }
    }

    private func surroundings() throws(ProtocolFailure) -> Surroundings {
        Surroundings(
            user: try resolveUser(), devices: try HostDevices.find(for: container.specification.security),
            deviceNumbers: try DeviceNumbers(of: container.resources),
            joined: joined,
            initProgram: container.specification.runsInit ? try InitProgram.find() : nil)
    }

    private func resolveUser() throws(ProtocolFailure) -> User {
        let users: UserDatabase
        do throws(SystemError) {
            let root = try Descriptor.workingDirectory.open(paths.rootfs, [.directory])
            users = try UserDatabase(below: root.descriptor)
        } catch { throw ProtocolFailure(error) }
        return try users.resolve(container.configuration.user, adding: container.specification.security.groups)
    }

    /// As docker does for `-v`: a source that is not there becomes a directory.
    private func makeBindSources() throws(SystemError) {
        let here = Descriptor.workingDirectory
        for mount in container.mounts where mount.kind == .bind {
            if try !here.exists(mount.source) { try here.makeDirectories(mount.source, mode: 0o755) }
        }
    }

    /// Others may join it, so it lies outside of the container.
    private func makeSharedMemory() throws(SystemError) {
        guard container.specification.namespaces.ipc == "shareable" else { return }
        try SharedMemory.make(at: paths.sharedMemory, size: container.sharedMemorySize)
    }

    private func writeIdentity() throws(SystemError) {
        let name = container.configuration.hostname
        try write(Array("\(name)\n".utf8), to: paths.hostname, mode: 0o644)
        let isShared = container.specification.network == .host
        try write(isShared ? hostFile("/etc/hosts") : Array(hosts(name).utf8), to: paths.hosts, mode: 0o644)
        try write(hostFile("/etc/resolv.conf"), to: paths.resolvConf, mode: 0o644)
    }

    private func hosts(_ name: String) -> String {
        """
        127.0.0.1\tlocalhost
        ::1\tlocalhost ip6-localhost ip6-loopback
        fe00::0\tip6-localnet
        ff00::0\tip6-mcastprefix
        ff02::1\tip6-allnodes
        ff02::2\tip6-allrouters
        127.0.1.1\t\(name)

        """
    }

    private func hostFile(_ path: String) -> [UInt8] {
        (try? Descriptor.workingDirectory.readFile(path, limit: 1 << 20)) ?? []
    }

    /// Written in place: these files are bind mounts' sources, which must stay the same files while it runs.
    private func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(SystemError) {
        do {
            let file = try Descriptor.workingDirectory.open(
                path, [.writeOnly, .create, .truncate, .noFollow], mode: mode)
            try file.descriptor.changeMode(to: mode)
            try file.descriptor.writeAll(bytes)
            try file.close()
        } catch { throw SystemError(error.errno, "write", path) }
    }
}
