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

    /// `source` is procfs or not; nil for a new file system of another kind.
    static func check(_ destination: String, index: Int, source: Descriptor?, place: Descriptor) throws(RuntimeError) {
        let member = "mounts[\(index)]"
        let isSourceProc = try performing(member) { () throws(SystemError) in
            try source?.filesystemType() == FilesystemType.proc
        }
        if destination == "/proc" {
            guard isSourceProc else {
                throw RuntimeError(.invalidConfiguration, "\(member): what is mounted at /proc must be procfs")
            }
            return
        }
        let isInside = try performing(member) { () throws(SystemError) in
            try place.filesystemType() == FilesystemType.proc
        }
        guard isInside, !harmless.contains(destination) else { return }
        throw RuntimeError(
            .invalidConfiguration, "\(member): cannot mount at \(destination), which is inside procfs")
    }
}
