internal import LinuxKernel
internal import RuntimeSpec

/// Documentation/admin-guide/cgroup-v1/memory.rst; config-linux.md, "Memory".
enum LegacyMemory: LegacyController {
    static let name = "memory"
    private static let limitFile = "memory.limit_in_bytes"
    private static let swapFile = "memory.memsw.limit_in_bytes"

    static func isNeeded(by resources: Resources) -> Bool { resources.memory != nil }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let memory = resources.memory else { return }
        try applyLimits(memory: memory.limit ?? 0, swap: memory.swap ?? 0, to: directory)
        if let reservation = memory.reservation, reservation != 0 {
            try directory.write("memory.soft_limit_in_bytes", "\(reservation)")
        }
        if memory.disableOOMKiller == true { try directory.write("memory.oom_control", "1") }
        if let swappiness = memory.swappiness, Int64(bitPattern: UInt64(swappiness)) != -1 {
            guard swappiness <= 100 else {
                throw CgroupError(
                    .invalid, "invalid memory swappiness value: \(swappiness) (valid range is 0-100)")
            }
            try directory.write("memory.swappiness", "\(swappiness)")
        }
    }

    /// Zero means that a limit is not asked for, -1 that there shall be none. The limit of memory with swap is never
    /// below that of memory: which is written first depends on where they are now.
    private static func applyLimits(memory: Int64, swap: Int64, to directory: CgroupDirectory) throws(CgroupError) {
        let swap = memory == -1 && swap == 0 && directory.has(swapFile) ? -1 : swap
        var swapFirst = false
        if memory != 0, swap != 0 {
            let current = try directory.number(limitFile) ?? 0
            swapFirst = swap == -1 || current < UInt64(clamping: swap)
        }
        if swapFirst { try applySwap(swap, to: directory) }
        try applyMemory(memory, to: directory)
        if !swapFirst { try applySwap(swap, to: directory) }
    }

    private static func applySwap(_ limit: Int64, to directory: CgroupDirectory) throws(CgroupError) {
        if limit != 0 { try directory.write(swapFile, "\(limit)") }
    }

    private static func applyMemory(_ limit: Int64, to directory: CgroupDirectory) throws(CgroupError) {
        guard limit != 0 else { return }
        do { try directory.write(limitFile, "\(limit)") } catch {
            guard error.errno == .busy else { throw error }
            let usage = try directory.number("memory.usage_in_bytes") ?? 0
            let peak = try directory.number("memory.max_usage_in_bytes") ?? 0
            throw CgroupError(
                .state, "unable to set memory limit to \(limit) (current usage: \(usage), peak usage: \(peak))")
        }
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        guard let text = try directory.readIfPresent("memory.stat") else { return }
        var memory = CgroupStatistics.Memory()
        memory.raw = KeyedValues(text).values
        memory.cache = memory.raw["cache"] ?? 0
        memory.usage = try counters("memory", of: directory) ?? .init()
        memory.swap = try counters("memory.memsw", of: directory) ?? .init()
        memory.kernel = try counters("memory.kmem", of: directory) ?? .init()
        memory.kernelTCP = try counters("memory.kmem.tcp", of: directory) ?? .init()
        statistics.memory = memory
    }

    private static func counters(_ prefix: String, of directory: CgroupDirectory) throws(CgroupError)
        -> CgroupStatistics.MemoryCounters?
    {
        guard let usage = try directory.number(prefix + ".usage_in_bytes") else { return nil }
        var counters = CgroupStatistics.MemoryCounters()
        counters.usage = usage
        counters.max = try directory.number(prefix + ".max_usage_in_bytes") ?? 0
        counters.failcnt = try directory.number(prefix + ".failcnt") ?? 0
        counters.limit = try directory.number(prefix + ".limit_in_bytes") ?? 0
        return counters
    }
}
