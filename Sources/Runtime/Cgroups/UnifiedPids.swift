internal import RuntimeSpec

/// cgroup-v2.rst, "PID".
enum UnifiedPids: UnifiedController {
    static let name = "pids"
    static let isDomain = false

    static func isNeeded(by resources: Resources) -> Bool { resources.pids?.limit != nil }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let limit = resources.pids?.limit else { return }
        try directory.write("pids.max", PidsLimit.text(Int64(limit)))
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        try PidsLimit.read(from: directory, into: &statistics)
    }
}
