internal import RuntimeSpec

/// Documentation/admin-guide/cgroup-v1/cpusets.rst; config-linux.md, "CPU".
enum LegacyCpuset: LegacyController {
    static let name = "cpuset"

    static func isNeeded(by resources: Resources) -> Bool {
        resources.cpu?.cpus?.isEmpty == false || resources.cpu?.mems?.isEmpty == false
    }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        if let cpus = resources.cpu?.cpus, !cpus.isEmpty { try directory.write(file("cpus", of: directory), cpus) }
        if let mems = resources.cpu?.mems, !mems.isEmpty { try directory.write(file("mems", of: directory), mems) }
    }

    /// A new cpuset is empty and takes no process: it gets what its parent has.
    static func inherit(_ child: CgroupDirectory, from parent: CgroupDirectory) throws(CgroupError) {
        for name in ["cpus", "mems"] {
            let file = file(name, of: child)
            guard try child.read(file).trimmed.isEmpty else { continue }
            try child.write(file, try parent.read(self.file(name, of: parent)).trimmed)
        }
    }

    /// The controller can be mounted so that its files have no prefix (`-o cpuset,noprefix`, as Android does).
    private static func file(_ name: String, of directory: CgroupDirectory) -> String {
        let full = "cpuset." + name
        return !directory.has(full) && directory.has(name) ? name : full
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        func number(_ name: String) throws(CgroupError) -> UInt64 {
            try directory.number(file(name, of: directory)) ?? 0
        }
        var cpuset = CgroupStatistics.Cpuset()
        cpuset.cpus = ranges(try directory.readIfPresent(file("cpus", of: directory)) ?? "")
        cpuset.mems = ranges(try directory.readIfPresent(file("mems", of: directory)) ?? "")
        cpuset.cpuExclusive = try number("cpu_exclusive")
        cpuset.memHardwall = try number("mem_hardwall")
        cpuset.memExclusive = try number("mem_exclusive")
        cpuset.memoryMigrate = try number("memory_migrate")
        cpuset.memorySpreadPage = try number("memory_spread_page")
        cpuset.memorySpreadSlab = try number("memory_spread_slab")
        cpuset.memoryPressure = try number("memory_pressure")
        cpuset.schedLoadBalance = try number("sched_load_balance")
        let level = try directory.readIfPresent(file("sched_relax_domain_level", of: directory))
        cpuset.schedRelaxDomainLevel = level.flatMap { Int64($0.trimmed) } ?? 0
        statistics.cpuset = cpuset
    }

    /// `0-2,5` as 0, 1, 2, 5.
    static func ranges(_ text: String) -> [UInt16] {
        text.trimmed.split(separator: ",").flatMap { part -> [UInt16] in
            let ends = part.split(separator: "-").compactMap { UInt16($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }
}
