internal import RuntimeSpec

/// Documentation/admin-guide/cgroup-v1/pids.rst; config-linux.md, "PIDs".
enum LegacyPids: LegacyController {
    static let name = "pids"

    static func isNeeded(by resources: Resources) -> Bool { resources.pids?.limit != nil }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let limit = resources.pids?.limit else { return }
        try directory.write("pids.max", PidsLimit.text(Int64(limit)))
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        try PidsLimit.read(from: directory, into: &statistics)
    }
}

enum PidsLimit {
    /// Below zero there is no limit. Zero would forbid the container's own first process; it is taken for 1, as
    /// systemd and runc do.
    static func text(_ limit: Int64) -> String { limit < 0 ? "max" : "\(Swift.max(limit, 1))" }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        guard let current = try directory.number("pids.current") else {
            statistics.pids.current = UInt64(try directory.processes().count)
            return
        }
        statistics.pids.current = current
        let limit = try directory.number("pids.max") ?? 0
        statistics.pids.limit = limit == .max ? 0 : limit
    }
}
