internal import LineProtocol
internal import RuntimeSpec

// The mounts of a container, in the order in which they are made.

extension ContainerRecord {
    /// The usual ones, those that make up its identity, and the user's, which take the place of the former.
    func allMounts(
        _ paths: ContainerPaths, _ surroundings: Surroundings, _ policy: SecurityPolicy, _ modes: NamespaceModes
    )
        throws(ProtocolFailure) -> [Mount]
    {
        let own = try ownMounts()
        let targets = Set(own.map(\.destination))
        let hasOwnDevices = targets.contains("/dev")
        let usual =
            (usualMounts(paths, surroundings.joined, modes) + identityMounts(surroundings.joined.identity ?? paths))
            .filter {
                !targets.contains($0.destination) && !(hasOwnDevices && $0.destination.hasPrefix("/dev/"))
            }
        let program = modes.pid == .own ? surroundings.initProgram.map { [initMount($0)] } ?? [] : []
        return usual.map { restricted($0, policy) } + own + program
    }

    /// A place comes before what lies below it.
    private func ownMounts() throws(ProtocolFailure) -> [Mount] {
        let mounts = mounts.map(Mount.init)
        let all = mounts + (try TemporaryFilesystemRules.mounts(specification.temporaryFilesystems))
        let depths = all.map { $0.destination.split(separator: "/").count }
        return all.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }.map { all[$0] }
    }

    /// `--read-only` goes for all that the container has not for itself; a privileged one writes to sysfs and cgroups.
    private func restricted(_ mount: Mount, _ policy: SecurityPolicy) -> Mount {
        var mount = mount
        var options = mount.options ?? []
        let isOfItsOwn = ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue"].contains(mount.destination)
        if specification.security.readOnlyRoot, !isOfItsOwn, !options.contains("ro") { options.append("ro") }
        let isFree = mount.type == "cgroup" ? policy.hasWritableCgroups : mount.type == "sysfs" && policy.isPrivileged
        if isFree { options.removeAll { $0 == "ro" } }
        mount.options = options
        return mount
    }

    private func usualMounts(_ paths: ContainerPaths, _ joined: JoinedContainers, _ modes: NamespaceModes) -> [Mount] {
        var mounts = [
            Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
            Mount(
                destination: "/dev", type: "tmpfs", source: "tmpfs",
                options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            Mount(
                destination: "/dev/pts", type: "devpts", source: "devpts",
                options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            Mount(
                destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]),
            Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"]),
            Mount(
                destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
                options: ["ro", "nosuid", "noexec", "nodev"]),
        ]
        if modes.hasSharedMemory { mounts.insert(sharedMemoryMount(paths, joined, modes), at: 3) }
        return mounts
    }

    /// Its own, or one of the host's, of which others have a part.
    private func sharedMemoryMount(_ paths: ContainerPaths, _ joined: JoinedContainers, _ modes: NamespaceModes)
        -> Mount
    {
        let source: String? =
            switch modes.ipc {
            case .own: modes.sharesMemory ? paths.sharedMemory : nil
            case .host: "/dev/shm"
            case .container: joined.sharedMemory
            }
        if let source {
            return Mount(destination: "/dev/shm", type: "bind", source: source, options: ["bind", "rprivate"])
        }
        return Mount(
            destination: "/dev/shm", type: "tmpfs", source: "shm",
            options: ["nosuid", "noexec", "nodev", "mode=1777", "size=\(sharedMemorySize)"])
    }

    /// Bytes.
    var sharedMemorySize: Int64 {
        specification.sharedMemorySize.flatMap { $0 == 0 ? nil : $0 } ?? ContainerSpecification.usualSharedMemory
    }

    private func identityMounts(_ paths: ContainerPaths) -> [Mount] {
        [("/etc/resolv.conf", paths.resolvConf), ("/etc/hostname", paths.hostname), ("/etc/hosts", paths.hosts)].map {
            Mount(destination: $0, type: "bind", source: $1, options: ["rbind", "rprivate"])
        }
    }

    private func initMount(_ program: String) -> Mount {
        Mount(destination: InitProgram.target, type: "bind", source: program, options: ["bind", "ro"])
    }
}

extension ContainerSpecification {
    static let usualSharedMemory: Int64 = 64 << 20
}

extension Mount {
    init(_ mount: ContainerMount) {
        self.init(
            destination: mount.target, type: "bind", source: mount.source,
            options: ["rbind", mount.isReadOnly ? "ro" : "rw", mount.propagation ?? "rprivate"])
    }
}
