import Harness

/// The limits of the cgroups that a process is in, by `/proc/PID/cgroup`: cgroups(7).
struct Limits {
    private let lines: String
    init(of pid: String) throws { lines = try Files.read("/proc/\(pid)/cgroup") }

    /// Reads a controller's file, named as version 1 and as version 2 have it.
    func read(_ controller: String, _ legacy: String, _ unified: String) throws -> String {
        let isUnified = try Machine.hasUnifiedCgroups
        for line in lines.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, isUnified || fields[1] == controller else { continue }
            let folder = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(controller)"
            return try Files.read("\(folder)\(fields[2])/\(isUnified ? unified : legacy)").filter { $0 != "\n" }
        }
        throw HarnessError("no controller \(controller) in \(lines)")
    }
}
