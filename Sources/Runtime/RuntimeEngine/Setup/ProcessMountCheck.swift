internal import LinuxKernel
internal import SetupPlan

/// What may be mounted into procfs: nothing that others rely on (proc-mount-cover).
enum ProcessMountCheck {
    /// Files that lxcfs and its like put there.
    private static let harmless: Set<String> = [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
        "/proc/loadavg", "/proc/slabinfo", "/proc/net/dev", "/proc/sys/kernel/ns_last_pid",
        "/proc/sys/crypto/fips_enabled",
    ]

    static func check(_ mount: BindMount, source: Descriptor, place: Descriptor) throws(RuntimeError) {
        let member = "mounts[\(mount.index)]"
        let (isInside, isSourceProc) = try performing(member) { () throws(SystemError) in
            (
                try place.filesystemType() == FilesystemType.proc,
                try source.filesystemType() == FilesystemType.proc
            )
        }
        if mount.destination == "/proc" {
            guard isSourceProc else {
                throw RuntimeError(.invalidConfiguration, "\(member): \(mount.source) at /proc is not procfs")
            }
            return
        }
        guard isInside, !harmless.contains(mount.destination) else { return }
        throw RuntimeError(
            .invalidConfiguration, "\(member): cannot mount at \(mount.destination), which is inside procfs")
    }
}
