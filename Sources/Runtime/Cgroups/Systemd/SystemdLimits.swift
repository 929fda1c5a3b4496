internal import LinuxKernel
internal import RuntimeSpec

/// `linux.resources` as properties of a unit, systemd.resource-control(5), and as what is still to be written into the
/// cgroup's files: all of it, because systemd does not know every limit, but with what systemd made of it.
struct SystemdLimits {
    private(set) var properties: [SystemdProperty] = []
    private(set) var resources: Resources
    /// What of the configuration could not be followed.
    private(set) var warnings: [String] = []

    /// What a limit that is not named has now, where systemd wants it together with one that is.
    struct Current: Hashable {
        /// Microseconds in each period; 0 is no limit.
        var quota: Int64 = 0
        var period: UInt64 = 0
        /// 0 is none known.
        var memory: Int64 = 0
    }

    private let current: Current
    private let version: Int

    /// For cgroup v2. `version` is systemd's.
    init(unified resources: Resources, devices: DeviceLimits, current: Current, version: Int) throws(CgroupError) {
        self.init(resources, current, version)
        if devices == .enforced { properties += SystemdDevices.properties(try DevicePolicy(resources)) }
        try addMemory()
        addWeight()
        addBandwidth()
        addTasks(resources.pids?.limit)
        try addCpuset()
        for (file, value) in (resources.unified ?? [:]).sorted(by: { $0.key < $1.key }) {
            try addFile(file, value.trimmed)
        }
    }

    /// For cgroup v1, also with v2 beside it.
    init(legacy resources: Resources, devices: DeviceLimits, current: Current, version: Int) throws(CgroupError) {
        self.init(resources, current, version)
        if devices == .enforced { properties += SystemdDevices.properties(try DevicePolicy(resources)) }
        if let limit = resources.memory?.limit, limit != 0 { add("MemoryLimit", UInt64(bitPattern: limit)) }
        if let shares = resources.cpu?.shares, shares != 0 { add("CPUShares", shares) }
        addBandwidth()
        if let weight = resources.blockIO?.weight, weight != 0 { add("BlockIOWeight", UInt64(weight)) }
        addTasks(resources.pids?.limit)
        try addCpuset()
    }

    private init(_ resources: Resources, _ current: Current, _ version: Int) {
        self.resources = resources
        self.current = current
        self.version = version
    }

    private mutating func add(_ name: String, _ value: UInt64) {
        properties.append(SystemdProperty(name, .uint64(value)))
    }
}

// MARK: From resources

extension SystemdLimits {
    private mutating func addMemory() throws(CgroupError) {
        guard let memory = resources.memory else { return }
        let limit = memory.limit ?? 0
        if limit != 0 { add("MemoryMax", UInt64(bitPattern: limit)) }
        if let low = memory.reservation, low != 0 { add("MemoryLow", UInt64(bitPattern: low)) }
        let swap = try UnifiedMemory.swapLimit(combined: memory.swap ?? 0, memory: limit == 0 ? current.memory : limit)
        if let swap { add("MemorySwapMax", UInt64(bitPattern: swap)) }
    }

    /// From version 252 on a weight of 0 is `cpu.idle`, and any other takes it back.
    private var knowsIdle: Bool { version >= 252 }

    private mutating func addWeight() {
        let isIdle = resources.cpu?.idle == 1
        if isIdle, knowsIdle { add("CPUWeight", 0) }
        guard let shares = resources.cpu?.shares, shares != 0 else { return }
        if isIdle {
            warnings.append("unable to apply both cpu.shares and cpu.idle to systemd, ignoring cpu.shares")
            resources.cpu?.shares = nil
        } else {
            add("CPUWeight", UnifiedCPU.weight(ofShares: shares))
        }
    }

    private mutating func addBandwidth() {
        let (quota, period) = (resources.cpu?.quota ?? 0, resources.cpu?.period ?? 0)
        guard quota != 0 || period != 0 else { return }
        let rounded = addBandwidth(
            quota: quota == 0 ? current.quota : quota, period: period == 0 ? current.period : period)
        if quota != 0 { resources.cpu?.quota = rounded }
        // systemd forgets the period of a quota that is none.
        if period == 0, current.period != 0 { resources.cpu?.period = current.period }
    }

    /// systemd counts in hundredths of a CPU, and rounds up: returns the quota that comes to that.
    private mutating func addBandwidth(quota: Int64, period: UInt64) -> Int64 {
        if period != 0 { add("CPUQuotaPeriodUSec", period) }
        guard quota > 0 else {
            add("CPUQuotaPerSecUSec", .max)
            return quota
        }
        let period = period == 0 ? 100_000 : period
        let (product, isTooMuch) = UInt64(quota).multipliedReportingOverflow(by: 1_000_000)
        guard !isTooMuch else {
            add("CPUQuotaPerSecUSec", .max)
            return quota
        }
        let perSecond = product / period
        guard perSecond % 10_000 != 0 else {
            add("CPUQuotaPerSecUSec", perSecond)
            return quota
        }
        let rounded = (perSecond / 10_000 + 1) * 10_000
        add("CPUQuotaPerSecUSec", rounded)
        let (micros, isTooLong) = rounded.multipliedReportingOverflow(by: period)
        return isTooLong ? quota : Int64(clamping: micros / 1_000_000)
    }

    private mutating func addTasks(_ limit: Int64?) {
        guard let limit else { return }
        add("TasksMax", limit < 0 ? .max : UInt64(max(limit, 1)))
    }

    private mutating func addCpuset() throws(CgroupError) {
        for (name, list) in [("AllowedCPUs", resources.cpu?.cpus), ("AllowedMemoryNodes", resources.cpu?.mems)] {
            guard let list, !list.isEmpty else { continue }
            properties.append(SystemdProperty(name, .bytes(try CpuMask.bytes(list))))
        }
    }
}

// MARK: From the names of files

extension SystemdLimits {
    /// Those that systemd has no property for are left to the file.
    private mutating func addFile(_ file: String, _ value: String) throws(CgroupError) {
        switch file {
        case "cpu.idle":
            if value == "1", knowsIdle { add("CPUWeight", 0) }
        case "cpu.max": try addBandwidth(file, value)
        case "cpu.weight": try addWeight(file, value)
        case "cpuset.cpus": properties.append(SystemdProperty("AllowedCPUs", .bytes(try CpuMask.bytes(value))))
        case "cpuset.mems": properties.append(SystemdProperty("AllowedMemoryNodes", .bytes(try CpuMask.bytes(value))))
        case "memory.high": add("MemoryHigh", try Self.limit(file, value))
        case "memory.low": add("MemoryLow", try Self.limit(file, value))
        case "memory.max": add("MemoryMax", try Self.limit(file, value))
        case "memory.min": add("MemoryMin", try Self.limit(file, value))
        case "memory.swap.max": add("MemorySwapMax", try Self.limit(file, value))
        case "pids.max": add("TasksMax", max(try Self.limit(file, value), 1))
        default: return
        }
    }

    private mutating func addWeight(_ file: String, _ value: String) throws(CgroupError) {
        if resources.unified?["cpu.idle"]?.trimmed == "1" {
            warnings.append("unable to apply both cpu.weight and cpu.idle to systemd, ignoring cpu.weight")
            resources.unified?[file] = nil
        } else {
            add("CPUWeight", try Self.limit(file, value))
        }
    }

    /// `QUOTA PERIOD`, `QUOTA`, `max PERIOD`.
    private mutating func addBandwidth(_ file: String, _ value: String) throws(CgroupError) {
        let fields = value.fields
        guard (1...2).contains(fields.count) else { throw Self.invalid(file, value) }
        let quota = fields[0] == "max" ? 0 : Int64(fields[0])
        let period = fields.count == 2 ? UInt64(fields[1]) : 100_000
        guard let quota, let period else { throw Self.invalid(file, value) }
        _ = addBandwidth(quota: quota, period: period)
    }

    private static func limit(_ file: String, _ value: String) throws(CgroupError) -> UInt64 {
        if value == "max" { return .max }
        guard let number = UInt64(value) else { throw invalid(file, value) }
        return number
    }

    private static func invalid(_ file: String, _ value: String) -> CgroupError {
        CgroupError(.invalid, "unified resource \"\(file)\" value invalid: \"\(value)\"")
    }
}

/// Lists of numbers as bit masks.
enum CpuMask {
    /// `1,3-5` as bytes with the lowest bits first, as systemd takes `AllowedCPUs`.
    static func bytes(_ list: String) throws(CgroupError) -> [UInt8] {
        var mask: [UInt8] = []
        for part in list.split(separator: ",").map({ String($0).trimmed }) where !part.isEmpty {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let numbers = ends.compactMap { UInt16($0) }
            guard numbers.count == ends.count, let first = numbers.first, let last = numbers.last, first <= last else {
                throw CgroupError(.invalid, "\"\(list)\" is no list of numbers such as 0-3,7")
            }
            for number in first...last {
                let byte = Int(number / 8)
                if byte >= mask.count { mask += [UInt8](repeating: 0, count: byte + 1 - mask.count) }
                mask[byte] |= 1 << (number % 8)
            }
        }
        guard !mask.isEmpty else { throw CgroupError(.invalid, "\"\(list)\" is an empty list of numbers") }
        return mask
    }
}
