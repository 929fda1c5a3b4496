internal import LinuxKernel
internal import RuntimeSpec

/// Documentation/admin-guide/cgroup-v1/hugetlb.rst; config-linux.md, "Huge page limits".
enum LegacyHugetlb: LegacyController {
    static let name = "hugetlb"

    static func isNeeded(by resources: Resources) -> Bool { resources.hugepageLimits?.isEmpty == false }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        try HugePages.apply(resources, suffix: "limit_in_bytes", to: directory)
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        for size in HugePages.sizes() {
            let kind = directory.has("hugetlb.\(size).rsvd.usage_in_bytes") ? ".rsvd" : ""
            let prefix = "hugetlb.\(size)\(kind)."
            guard let usage = try directory.number(prefix + "usage_in_bytes") else { continue }
            var counters = CgroupStatistics.HugePages()
            counters.usage = usage
            counters.max = try directory.number(prefix + "max_usage_in_bytes") ?? 0
            counters.failcnt = try directory.number(prefix + "failcnt") ?? 0
            statistics.hugetlb[size] = counters
        }
    }
}

/// What both versions of cgroups have in common.
enum HugePages {
    /// The limit of pages in use, and where the kernel has it the one of pages reserved: without it a process dies of
    /// SIGBUS where mmap(2) should have failed.
    static func apply(_ resources: Resources, suffix: String, to directory: CgroupDirectory) throws(CgroupError) {
        for limit in resources.hugepageLimits ?? [] {
            let prefix = "hugetlb.\(limit.pageSize)."
            guard !limit.pageSize.contains("/") else {
                throw CgroupError(.invalid, "invalid huge page size \"\(limit.pageSize)\"")
            }
            try directory.write(prefix + suffix, "\(limit.limit)")
            if directory.has(prefix + "rsvd." + suffix) {
                try directory.write(prefix + "rsvd." + suffix, "\(limit.limit)")
            }
        }
    }

    /// The sizes that this machine has, as hugetlb names them: `2MB`, `1GB`.
    static func sizes() -> [String] {
        let entries = (try? Descriptor.workingDirectory.entries(of: "/sys/kernel/mm/hugepages")) ?? []
        return entries.compactMap { size(ofDirectory: $0.name) }.sorted()
    }

    /// `hugepages-2048kB` is `2MB`.
    static func size(ofDirectory name: String) -> String? {
        guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"),
            let kilobytes = UInt64(name.dropFirst("hugepages-".count).dropLast(2))
        else { return nil }
        if kilobytes >= 1 << 20 { return "\(kilobytes >> 20)GB" }
        if kilobytes >= 1 << 10 { return "\(kilobytes >> 10)MB" }
        return "\(kilobytes)KB"
    }
}
