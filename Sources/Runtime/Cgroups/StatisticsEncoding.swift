// The names under which runc prints statistics, and which of them it leaves out when they are zero or empty: its
// types/events.go is what monitoring programs were written against.

private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// A JSON object under way.
private struct Object {
    private var container: KeyedEncodingContainer<Name>
    init(_ encoder: any Encoder) { container = encoder.container(keyedBy: Name.self) }

    mutating func put(_ name: String, _ value: some Encodable) throws {
        try container.encode(value, forKey: Name(name))
    }
    mutating func put(_ name: String, unlessZero value: UInt64) throws {
        if value != 0 { try put(name, value) }
    }
    mutating func put(_ name: String, unlessEmpty value: some Collection & Encodable) throws {
        if !value.isEmpty { try put(name, value) }
    }
    mutating func put(_ name: String, unlessNil value: (some Encodable)?) throws {
        if let value { try put(name, value) }
    }
    mutating func put<Value: Encodable & Equatable>(_ name: String, _ value: Value, unless empty: Value) throws {
        if value != empty { try put(name, value) }
    }
}

extension CgroupStatistics {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("cpu", cpu)
        try object.put("cpuset", cpuset)
        try object.put("memory", memory)
        try object.put("pids", pids)
        try object.put("blkio", blockIO)
        try object.put("hugetlb", hugetlb)
        try object.put("intel_rdt", resourceControl ?? ResourceControlStatistics())
        try object.put("network_interfaces", Never?.none)
    }
}

extension CgroupStatistics.CPU: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("usage", usage, unless: .init())
        try object.put("throttling", throttling, unless: .init())
        try object.put("psi", unlessNil: psi)
    }
}

extension CgroupStatistics.CPUUsage: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("total", unlessZero: total)
        try object.put("percpu", unlessEmpty: percpu)
        try object.put("percpu_kernel", unlessEmpty: percpuKernel)
        try object.put("percpu_user", unlessEmpty: percpuUser)
        try object.put("kernel", kernel)
        try object.put("user", user)
    }
}

extension CgroupStatistics.Throttling: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("periods", unlessZero: periods)
        try object.put("throttledPeriods", unlessZero: throttledPeriods)
        try object.put("throttledTime", unlessZero: throttledTime)
    }
}

extension CgroupStatistics.Cpuset: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("cpus", unlessEmpty: cpus)
        try object.put("cpu_exclusive", cpuExclusive)
        try object.put("mems", unlessEmpty: mems)
        try object.put("mem_hardwall", memHardwall)
        try object.put("mem_exclusive", memExclusive)
        try object.put("memory_migrate", memoryMigrate)
        try object.put("memory_spread_page", memorySpreadPage)
        try object.put("memory_spread_slab", memorySpreadSlab)
        try object.put("memory_pressure", memoryPressure)
        try object.put("sched_load_balance", schedLoadBalance)
        try object.put("sched_relax_domain_level", schedRelaxDomainLevel)
    }
}

extension CgroupStatistics.Memory: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("cache", unlessZero: cache)
        try object.put("usage", usage, unless: .init())
        try object.put("swap", swap, unless: .init())
        try object.put("kernel", kernel, unless: .init())
        try object.put("kernelTCP", kernelTCP, unless: .init())
        try object.put("raw", unlessEmpty: raw)
        try object.put("psi", unlessNil: psi)
    }
}

extension CgroupStatistics.MemoryCounters: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("limit", limit)
        try object.put("usage", unlessZero: usage)
        try object.put("max", unlessZero: max)
        try object.put("failcnt", failcnt)
    }
}

extension CgroupStatistics.Pids: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("current", unlessZero: current)
        try object.put("limit", unlessZero: limit)
    }
}

extension CgroupStatistics.BlockIO: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("ioServiceBytesRecursive", unlessEmpty: ioServiceBytesRecursive)
        try object.put("ioServicedRecursive", unlessEmpty: ioServicedRecursive)
        try object.put("ioQueueRecursive", unlessEmpty: ioQueueRecursive)
        try object.put("ioServiceTimeRecursive", unlessEmpty: ioServiceTimeRecursive)
        try object.put("ioWaitTimeRecursive", unlessEmpty: ioWaitTimeRecursive)
        try object.put("ioMergedRecursive", unlessEmpty: ioMergedRecursive)
        try object.put("ioTimeRecursive", unlessEmpty: ioTimeRecursive)
        try object.put("sectorsRecursive", unlessEmpty: sectorsRecursive)
        try object.put("psi", unlessNil: psi)
    }
}

extension CgroupStatistics.BlockEntry: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("major", unlessZero: major)
        try object.put("minor", unlessZero: minor)
        try object.put("op", unlessEmpty: op)
        try object.put("value", unlessZero: value)
    }
}

extension ResourceControlStatistics: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("l3_cache_info", unlessNil: cache)
        try object.put("l3_cache_schema_root", unlessEmpty: cacheSchemaOfAll)
        try object.put("l3_cache_schema", unlessEmpty: cacheSchema)
        try object.put("mem_bw_info", unlessNil: bandwidth)
        try object.put("mem_bw_schema_root", unlessEmpty: bandwidthSchemaOfAll)
        try object.put("mem_bw_schema", unlessEmpty: bandwidthSchema)
        try object.put("schemata", unlessEmpty: schemata)
        try object.put("mbm_stats", unlessNil: traffic)
        try object.put("cmt_stats", unlessNil: occupancy)
    }
}

extension ResourceControlStatistics.Cache: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("cbm_mask", unlessEmpty: mask)
        try object.put("min_cbm_bits", unlessZero: fewestBits)
        try object.put("num_closids", unlessZero: classes)
    }
}

extension ResourceControlStatistics.Bandwidth: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("bandwidth_gran", unlessZero: granularity)
        try object.put("delay_linear", unlessZero: isLinear)
        try object.put("min_bandwidth", unlessZero: least)
        try object.put("num_closids", unlessZero: classes)
    }
}

extension ResourceControlStatistics.Traffic: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("mbm_total_bytes", total)
        try object.put("mbm_local_bytes", local)
    }
}

extension ResourceControlStatistics.Occupancy: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("llc_occupancy", bytes)
    }
}

extension CgroupStatistics.HugePages: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var object = Object(encoder)
        try object.put("usage", unlessZero: usage)
        try object.put("max", unlessZero: max)
        try object.put("failcnt", failcnt)
    }
}
