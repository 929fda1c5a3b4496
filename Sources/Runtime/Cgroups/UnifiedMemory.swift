internal import LinuxKernel
internal import RuntimeSpec

/// cgroup-v2.rst, "Memory".
enum UnifiedMemory: UnifiedController {
    static let name = "memory"

    static func isNeeded(by resources: Resources) -> Bool {
        guard let memory = resources.memory else { return false }
        return memory.limit ?? 0 != 0 || memory.swap ?? 0 != 0 || memory.reservation ?? 0 != 0
    }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let memory = resources.memory else { return }
        let limit = memory.limit ?? 0
        // An update of swap alone is about the memory limit that there is.
        let base = try limit == 0 ? currentLimit(directory) : limit
        let combined = memory.swap ?? 0
        try checkBeforeUpdate(resources, directory)
        if let swap = try swapLimit(combined: combined, memory: base) { try applySwap(swap, to: directory) }
        if limit != 0 { try directory.write("memory.max", text(limit)) }
        if let reservation = memory.reservation, reservation != 0 {
            try directory.write("memory.low", text(reservation))
        }
    }

    /// 0 if there is none.
    static func currentLimit(_ directory: CgroupDirectory) throws(CgroupError) -> Int64 {
        Int64(exactly: try directory.number("memory.max") ?? 0) ?? 0
    }

    private static func text(_ limit: Int64) -> String { limit == -1 ? "max" : "\(limit)" }

    private static func applySwap(_ limit: Int64, to directory: CgroupDirectory) throws(CgroupError) {
        do { try directory.write("memory.swap.max", text(limit)) } catch {
            // Without swap in the kernel, no swap and as much swap as there is come to the same.
            guard error.isMissing, limit == 0 || limit == -1 else { throw error }
        }
    }

    /// config-linux.md gives memory and swap as one sum, as cgroup v1 has it; here swap is limited by itself. Zero means
    /// that nothing is asked, -1 that there shall be no limit. Nil: there is nothing to write.
    static func swapLimit(combined: Int64, memory: Int64) throws(CgroupError) -> Int64? {
        if memory == -1 && combined == 0 { return -1 }
        if combined == 0 { return nil }
        if combined == -1 || memory == -1 { return combined }
        guard memory != 0 else { throw CgroupError(.invalid, "unable to set swap limit without memory limit") }
        guard memory > 0 else { throw CgroupError(.invalid, "invalid memory value: \(memory)") }
        guard combined >= memory else {
            throw CgroupError(.invalid, "memory+swap limit should be >= memory limit")
        }
        return combined - memory
    }

    /// config-linux.md, "checkBeforeUpdate": a limit below what is in use would make the kernel kill.
    static func checkBeforeUpdate(_ resources: Resources, _ directory: CgroupDirectory) throws(CgroupError) {
        guard let memory = resources.memory, memory.checkBeforeUpdate == true else { return }
        let (limit, combined) = (memory.limit ?? 0, memory.swap ?? 0)
        guard limit > 0 || combined > 0, let usage = try directory.number("memory.current") else { return }
        let sum = try usage + (directory.number("memory.swap.current") ?? 0)
        if combined > 0, sum > UInt64(combined) {
            throw CgroupError(.invalid, "rejecting memory+swap limit \(combined) < usage \(sum)")
        }
        if limit > 0, usage > UInt64(limit) {
            throw CgroupError(.invalid, "rejecting memory limit \(limit) < usage \(usage)")
        }
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        guard let text = try directory.readIfPresent("memory.stat") else { return }
        var memory = CgroupStatistics.Memory()
        memory.raw = KeyedValues(text).values
        memory.cache = memory.raw["file"] ?? 0
        memory.usage = try counters("memory", of: directory)
        // As on v1 the sum is told; there is no peak of the sum.
        memory.swap = try counters("memory.swap", of: directory)
        memory.swap.usage += memory.usage.usage
        memory.swap.limit =
            memory.swap.limit.addingReportingOverflow(memory.usage.limit).overflow
            ? .max : memory.swap.limit + memory.usage.limit
        memory.swap.max = 0
        memory.psi = try Pressure(from: directory, "memory.pressure")
        statistics.memory = memory
    }

    private static func counters(_ prefix: String, of directory: CgroupDirectory) throws(CgroupError)
        -> CgroupStatistics.MemoryCounters
    {
        var counters = CgroupStatistics.MemoryCounters()
        counters.usage = try directory.number(prefix + ".current") ?? 0
        counters.limit = try directory.number(prefix + ".max") ?? 0
        counters.max = try directory.number(prefix + ".peak") ?? 0
        return counters
    }
}
