internal import LinuxKernel
internal import RuntimeSpec

/// Documentation/scheduler/sched-bwc.rst, sched-design-CFS.rst and sched-rt-group.rst; config-linux.md, "CPU".
enum LegacyCPU: LegacyController {
    static let name = "cpu"

    static func isNeeded(by resources: Resources) -> Bool {
        guard let cpu = resources.cpu else { return false }
        return cpu.shares ?? 0 != 0 || cpu.quota ?? 0 != 0 || cpu.period ?? 0 != 0 || cpu.burst != nil
            || cpu.idle != nil || cpu.realtimePeriod ?? 0 != 0 || cpu.realtimeRuntime ?? 0 != 0
    }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let cpu = resources.cpu else { return }
        if let shares = cpu.shares, shares != 0 { try applyShares(UInt64(shares), to: directory) }
        let quota = Setting("cpu.cfs_quota_us", cpu.quota, unlessZero: true)
        try apply(
            [
                Setting("cpu.cfs_period_us", cpu.period.map { Int64(clamping: $0) }, unlessZero: true),
                Setting("cpu.cfs_burst_us", cpu.burst.map { Int64(clamping: $0) }, unlessZero: false),
            ].compactMap { $0 }, around: quota, to: directory)
        if let idle = cpu.idle { try directory.write("cpu.idle", "\(idle)") }
        try applyRealtime(cpu, to: directory)
    }

    static func applyRealtime(_ cpu: CPUResources, to directory: CgroupDirectory) throws(CgroupError) {
        let period = Setting("cpu.rt_period_us", cpu.realtimePeriod.map { Int64(clamping: $0) }, unlessZero: true)
        let runtime = Setting("cpu.rt_runtime_us", cpu.realtimeRuntime, unlessZero: true)
        try apply([period].compactMap { $0 }, around: runtime, to: directory)
    }

    private struct Setting {
        let file: String
        let value: Int64

        init?(_ file: String, _ value: Int64?, unlessZero: Bool) {
            guard let value, value != 0 || !unlessZero else { return nil }
            self.file = file
            self.value = value
        }
    }

    /// The kernel refuses a period, a burst or a quota that does not fit the others as they are now (EINVAL): what it
    /// refuses before the quota is set is tried again after that.
    private static func apply(_ settings: [Setting], around pivot: Setting?, to directory: CgroupDirectory)
        throws(CgroupError)
    {
        var refused: [Setting] = []
        for setting in settings {
            do { try directory.write(setting.file, "\(setting.value)") } catch {
                guard error.errno == .invalid, pivot != nil else { throw error }
                refused.append(setting)
            }
        }
        if let pivot { try directory.write(pivot.file, "\(pivot.value)") }
        for setting in refused { try directory.write(setting.file, "\(setting.value)") }
    }

    /// The kernel clamps shares in silence: what it made of them is held against what was asked.
    private static func applyShares(_ shares: UInt64, to directory: CgroupDirectory) throws(CgroupError) {
        try directory.write("cpu.shares", "\(shares)")
        guard let set = try directory.number("cpu.shares"), set != shares else { return }
        throw CgroupError(
            .invalid,
            shares > set
                ? "the maximum allowed cpu-shares is \(set)" : "the minimum allowed cpu-shares is \(set)")
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        guard let text = try directory.readIfPresent("cpu.stat") else { return }
        let values = KeyedValues(text)
        statistics.cpu.throttling.periods = values["nr_periods"] ?? 0
        statistics.cpu.throttling.throttledPeriods = values["nr_throttled"] ?? 0
        statistics.cpu.throttling.throttledTime = values["throttled_time"] ?? 0
    }
}

/// Documentation/admin-guide/cgroup-v1/cpuacct.rst: it has no limits.
enum LegacyCpuacct: LegacyController {
    static let name = "cpuacct"
    static func isNeeded(by resources: Resources) -> Bool { false }
    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {}

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        guard let total = try directory.number("cpuacct.usage") else { return }
        statistics.cpu.usage.total = total
        statistics.cpu.usage.user = try directory.number("cpuacct.usage_user") ?? 0
        statistics.cpu.usage.kernel = try directory.number("cpuacct.usage_sys") ?? 0
        statistics.cpu.usage.percpu = try numbers("cpuacct.usage_percpu", of: directory)
        statistics.cpu.usage.percpuKernel = try numbers("cpuacct.usage_percpu_sys", of: directory)
        statistics.cpu.usage.percpuUser = try numbers("cpuacct.usage_percpu_user", of: directory)
    }

    private static func numbers(_ file: String, of directory: CgroupDirectory) throws(CgroupError) -> [UInt64] {
        try directory.readIfPresent(file)?.fields.compactMap { UInt64($0) } ?? []
    }
}
