internal import LineProtocol
internal import RuntimeSpec

// What a container gets unless told otherwise: in effect that of docker.

/// The capabilities that docker leaves to a container's root.
let defaultCapabilities = [
    "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
    "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
]

/// The least version of runtime-spec that has all that we ask for. Any runtime may be configured, and Debian 12's crun
/// (1.8) refuses 1.1 and later.
private let leastVersion = "1.0.2"

extension RuntimeConfiguration {
    /// The configuration of `container`, whose process is `user`; its files lie at `paths`.
    init(_ container: ContainerRecord, user: User, paths: ContainerPaths, machine: Machine) {
        self.init(
            ociVersion: leastVersion, root: Root(path: paths.rootfs, readonly: false),
            mounts: defaultMounts(machine) + identityMounts(paths) + container.mounts.map(Mount.init),
            process: Process(container, user: user), hostname: container.configuration.hostname,
            linux: Linux(container, machine: machine))
    }
}

extension RuntimeSpec.Process {
    init(_ container: ContainerRecord, user: User) {
        let configuration = container.configuration
        self.init(
            terminal: container.specification.terminal, user: user, args: configuration.arguments,
            env: configuration.environment, cwd: configuration.workingDirectory, capabilities: .standard(for: user),
            noNewPrivileges: false, oomScoreAdj: 0)
    }
}

extension Capabilities {
    /// What execve(2) would leave: a user that is not root has none in force. Never inheritable ones
    /// (inheritable-caps).
    static func standard(for user: User) -> Capabilities {
        let effective = user.uid == 0 ? defaultCapabilities : []
        return Capabilities(
            bounding: defaultCapabilities, effective: effective, inheritable: [], permitted: effective, ambient: [])
    }
}

extension Linux {
    init(_ container: ContainerRecord, machine: Machine) {
        let isPrivate = container.specification.network == .none
        var namespaces: [NamespaceType] = [.mount, .uts, .pid, .ipc]
        if isPrivate { namespaces.append(.network) }
        if machine.cgroups == .v2 { namespaces.append(.cgroup) }
        self.init(
            // Programs in a network of their own may listen below 1024 and ping without a capability.
            sysctl: isPrivate
                ? ["net.ipv4.ip_unprivileged_port_start": "0", "net.ipv4.ping_group_range": "0 2147483647"] : nil,
            resources: Resources(devices: defaultDeviceRules), cgroupsPath: "/wherry-\(container.id)",
            namespaces: namespaces.map { Namespace(type: $0) }, devices: [],
            seccomp: defaultSeccomp(machine.architecture), maskedPaths: defaultMaskedPaths,
            readonlyPaths: defaultReadonlyPaths)
    }
}

private func defaultMounts(_ machine: Machine) -> [Mount] {
    [
        Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
        Mount(
            destination: "/dev", type: "tmpfs", source: "tmpfs",
            options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
        Mount(
            destination: "/dev/pts", type: "devpts", source: "devpts",
            options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        Mount(
            destination: "/dev/shm", type: "tmpfs", source: "shm",
            options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
        Mount(destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]),
        Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"]),
        Mount(
            destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
            options: ["ro", "nosuid", "noexec", "nodev"]),
    ]
}

private func identityMounts(_ paths: ContainerPaths) -> [Mount] {
    [("/etc/resolv.conf", paths.resolvConf), ("/etc/hostname", paths.hostname), ("/etc/hosts", paths.hosts)].map {
        Mount(destination: $0, type: "bind", source: $1, options: ["rbind", "rprivate"])
    }
}

extension Mount {
    init(_ mount: ContainerMount) {
        self.init(
            destination: mount.target, type: "bind", source: mount.source,
            options: ["rbind", mount.isReadOnly ? "ro" : "rw", mount.propagation ?? "rprivate"])
    }
}

/// Deny all, but: zero, null, urandom, random, tty, console, pseudo terminals, and mknod of anything.
private let defaultDeviceRules: [DeviceRule] = [
    DeviceRule(allow: false, access: "rwm"),
    DeviceRule(allow: true, type: "c", access: "m"),
    DeviceRule(allow: true, type: "b", access: "m"),
    DeviceRule(allow: true, type: "c", major: 1, minor: 3, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 1, minor: 5, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 1, minor: 7, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 1, minor: 8, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 1, minor: 9, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 5, minor: 0, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 5, minor: 1, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 5, minor: 2, access: "rwm"),
    DeviceRule(allow: true, type: "c", major: 136, access: "rwm"),
]

private let defaultMaskedPaths = [
    "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
    "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap",
    "/sys/firmware",
]

private let defaultReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
