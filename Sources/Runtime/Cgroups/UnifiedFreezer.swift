internal import LinuxKernel

/// cgroup-v2.rst, "cgroup.freeze".
enum UnifiedFreezer {
    static func freeze(_ directory: CgroupDirectory) throws(CgroupError) {
        try directory.write("cgroup.freeze", "1")
        do { try waitUntilFrozen(directory) } catch {
            try? thaw(directory)
            throw error
        }
    }

    static func thaw(_ directory: CgroupDirectory) throws(CgroupError) {
        do { try directory.write("cgroup.freeze", "0") } catch {
            // What cannot freeze is not frozen.
            guard error.isMissing else { throw error }
        }
    }

    /// Ten seconds at most: a process in an uninterruptible call stops only when that returns.
    private static func waitUntilFrozen(_ directory: CgroupDirectory) throws(CgroupError) {
        let deadline = monotonicTime() + 10_000_000_000
        while monotonicTime() < deadline {
            if KeyedValues(try directory.read("cgroup.events"))["frozen"] == 1 { return }
            sleep(milliseconds: 1)
        }
        throw CgroupError(.state, "unable to freeze \(directory.path): its processes did not stop within 10 seconds")
    }
}
