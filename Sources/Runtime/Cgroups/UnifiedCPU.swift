internal import LinuxKernel
internal import RuntimeSpec

/// cgroup-v2.rst, "CPU".
enum UnifiedCPU: UnifiedController {
    static let name = "cpu"

    static func isNeeded(by resources: Resources) -> Bool {
        guard let cpu = resources.cpu else { return false }
        return cpu.shares ?? 0 != 0 || cpu.quota ?? 0 != 0 || cpu.period ?? 0 != 0 || cpu.idle != nil
            || cpu.burst != nil
    }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let cpu = resources.cpu else { return }
        if let idle = cpu.idle { try directory.write("cpu.idle", "\(idle)") }
        if let shares = cpu.shares, shares != 0 { try directory.write("cpu.weight", "\(weight(ofShares: shares))") }
        let quota = Int64(cpu.quota ?? 0)
        let burst = cpu.burst.map { "\($0)" }
        // The kernel refuses a burst above the quota (EINVAL): it is tried again once that is set.
        let burstWaits = try !applyBurst(burst, mayWait: quota != 0, to: directory)
        if quota != 0 || cpu.period ?? 0 != 0 { try applyBandwidth(quota, cpu.period ?? 0, to: directory) }
        if burstWaits { _ = try applyBurst(burst, mayWait: false, to: directory) }
    }

    /// Both stand in one file: what is not asked for (0) stays as it is.
    private static func applyBandwidth(_ quota: Int64, _ period: UInt64, to directory: CgroupDirectory)
        throws(CgroupError)
    {
        let current = try directory.read("cpu.max").fields
        let quotaText = quota == 0 ? current.first ?? "max" : quota > 0 ? "\(quota)" : "max"
        try directory.write("cpu.max", "\(quotaText) \(period == 0 ? current.last ?? "100000" : "\(period)")")
    }

    private static func applyBurst(_ burst: String?, mayWait: Bool, to directory: CgroupDirectory)
        throws(CgroupError) -> Bool
    {
        guard let burst else { return true }
        do { try directory.write("cpu.max.burst", burst) } catch {
            guard mayWait, error.errno == .invalid else { throw error }
            return false
        }
        return true
    }

    /// v1's shares (2 to 262144, 1024 by default) as v2's weight (1 to 10000, 100 by default): the curve through those
    /// three points on which runc, crun and systemd agreed.
    static func weight(ofShares shares: UInt64) -> UInt64 {
        if shares <= 2 { return 1 }
        if shares >= 262_144 { return 10_000 }
        let logarithm = log2(Double(shares))
        let exponent = (logarithm * logarithm + 125 * logarithm) / 612 - 7.0 / 34
        return UInt64(power(10, exponent).rounded(.up))
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        guard let text = try directory.readIfPresent("cpu.stat") else { return }
        let values = KeyedValues(text)
        func nanoseconds(_ key: String) -> UInt64 { (values[key] ?? 0) * 1000 }
        statistics.cpu.usage.total = nanoseconds("usage_usec")
        statistics.cpu.usage.user = nanoseconds("user_usec")
        statistics.cpu.usage.kernel = nanoseconds("system_usec")
        statistics.cpu.throttling.periods = values["nr_periods"] ?? 0
        statistics.cpu.throttling.throttledPeriods = values["nr_throttled"] ?? 0
        statistics.cpu.throttling.throttledTime = nanoseconds("throttled_usec")
        statistics.cpu.psi = try Pressure(from: directory, "cpu.pressure")
    }
}

/// cgroup-v2.rst, "Cpuset".
enum UnifiedCpuset: UnifiedController {
    static let name = "cpuset"

    static func isNeeded(by resources: Resources) -> Bool { LegacyCpuset.isNeeded(by: resources) }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        try LegacyCpuset.apply(resources, to: directory)
    }
}
