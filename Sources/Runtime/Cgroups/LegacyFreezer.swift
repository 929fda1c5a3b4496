internal import LinuxKernel

/// Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst.
enum LegacyFreezer {
    private static let file = "freezer.state"

    static func freeze(_ directory: CgroupDirectory) throws(CgroupError) {
        do { try freezeRepeatedly(directory) } catch {
            // A cgroup that is left FREEZING stops its processes sooner or later.
            try? thaw(directory)
            throw error
        }
    }

    /// While processes fork the kernel may miss one and stay in FREEZING: writing again makes it look again, and a
    /// short thaw lets a fork that blocks it finish.
    private static func freezeRepeatedly(_ directory: CgroupDirectory) throws(CgroupError) {
        for attempt in 1...1000 {
            if attempt % 50 == 0 {
                try thaw(directory)
                sleep(milliseconds: 10)
            }
            try directory.write(file, "FROZEN")
            if try directory.read(file).trimmed == "FROZEN" { return }
            if attempt % 25 == 0 { sleep(milliseconds: 1) }
        }
        throw CgroupError(.state, "unable to freeze \(directory.path): its processes did not stop")
    }

    static func thaw(_ directory: CgroupDirectory) throws(CgroupError) { try directory.write(file, "THAWED") }

    /// Frozen itself: `freezer.state` alone would also tell of a frozen ancestor.
    static func isFrozen(_ directory: CgroupDirectory) throws(CgroupError) -> Bool {
        guard let state = try directory.readIfPresent(file)?.trimmed, state != "THAWED" else { return false }
        return try directory.readIfPresent("freezer.self_freezing").map { $0.trimmed == "1" } ?? true
    }
}
