internal import RuntimeSpec

extension RuntimeConfiguration {
    /// What `spec` writes: a shell in namespaces of its own, with few capabilities and a read-only root.
    static func example(unifiedCgroups: Bool) -> RuntimeConfiguration {
        RuntimeConfiguration(
            ociVersion: specificationVersion, root: Root(path: "rootfs", readonly: true), mounts: exampleMounts,
            process: exampleProcess, hostname: "runc",
            linux: Linux(
                resources: Resources(devices: [DeviceRule(allow: false, access: "rwm")]),
                namespaces: exampleNamespaces(unifiedCgroups: unifiedCgroups),
                maskedPaths: [
                    "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                    "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
                ],
                readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]))
    }

    private static func exampleNamespaces(unifiedCgroups: Bool) -> [Namespace] {
        let types: [NamespaceType] = [.pid, .network, .ipc, .uts, .mount] + (unifiedCgroups ? [.cgroup] : [])
        return types.map { Namespace(type: $0) }
    }

    private static var exampleProcess: Process {
        let capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
        return Process(
            terminal: true, user: User(uid: 0, gid: 0), args: ["sh"],
            env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"], cwd: "/",
            capabilities: Capabilities(bounding: capabilities, effective: capabilities, permitted: capabilities),
            rlimits: [ResourceLimit(type: "RLIMIT_NOFILE", hard: 1024, soft: 1024)], noNewPrivileges: true)
    }

    private static var exampleMounts: [Mount] {
        func mount(_ destination: String, _ type: String, _ source: String, _ options: [String]? = nil) -> Mount {
            Mount(destination: destination, type: type, source: source, options: options)
        }
        let safe = ["nosuid", "noexec", "nodev"]
        return [
            mount("/proc", "proc", "proc"),
            mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            mount(
                "/dev/pts", "devpts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            mount("/dev/shm", "tmpfs", "shm", safe + ["mode=1777", "size=65536k"]),
            mount("/dev/mqueue", "mqueue", "mqueue", safe),
            mount("/sys", "sysfs", "sysfs", safe + ["ro"]),
            mount("/sys/fs/cgroup", "cgroup", "cgroup", safe + ["relatime", "ro"]),
        ]
    }

    /// The same for a user without privileges: a user namespace that maps them to root, the host's network and its
    /// /sys, no options that name other users, and no limits.
    mutating func makeRootless(user: UInt32, group: UInt32) {
        linux?.namespaces?.removeAll { $0.type == .network || $0.type == .user }
        linux?.namespaces?.append(Namespace(type: .user))
        linux?.uidMappings = [IDMapping(containerID: 0, hostID: user, size: 1)]
        linux?.gidMappings = [IDMapping(containerID: 0, hostID: group, size: 1)]
        linux?.resources = nil
        mounts = mounts?.map { mount in
            if mount.destination == "/sys" {
                return Mount(
                    destination: "/sys", type: "none", source: "/sys",
                    options: ["rbind", "nosuid", "noexec", "nodev", "ro"])
            }
            var mount = mount
            mount.options?.removeAll { $0.hasPrefix("gid=") || $0.hasPrefix("uid=") }
            return mount
        }
    }
}
