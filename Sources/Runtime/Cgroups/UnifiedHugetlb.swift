internal import RuntimeSpec

/// cgroup-v2.rst, "HugeTLB".
enum UnifiedHugetlb: UnifiedController {
    static let name = "hugetlb"

    static func isNeeded(by resources: Resources) -> Bool { resources.hugepageLimits?.isEmpty == false }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        try HugePages.apply(resources, suffix: "max", to: directory)
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        for size in HugePages.sizes() {
            let prefix = "hugetlb.\(size)."
            let kind = directory.has(prefix + "rsvd.current") ? "rsvd." : ""
            guard let usage = try directory.number(prefix + kind + "current") else { continue }
            var counters = CgroupStatistics.HugePages()
            counters.usage = usage
            counters.failcnt = KeyedValues(try directory.readIfPresent(prefix + "events") ?? "")["max"] ?? 0
            statistics.hugetlb[size] = counters
        }
    }
}
