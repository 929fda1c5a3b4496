internal import LinuxKernel

/// What a container used, in the shape that `runc events --stats` prints.
public struct CgroupStatistics: Encodable, Hashable, Sendable {
    public var cpu = CPU()
    public var cpuset = Cpuset()
    public var memory = Memory()
    public var pids = Pids()
    public var blockIO = BlockIO()
    /// By page size: `2MB`.
    public var hugetlb: [String: HugePages] = [:]
    /// Nil of a container that is in no class of resctrl.
    public var resourceControl: ResourceControlStatistics?

    /// Times in nanoseconds.
    public struct CPU: Hashable, Sendable {
        public var usage = CPUUsage()
        public var throttling = Throttling()
        public var psi: Pressure?
    }

    public struct CPUUsage: Hashable, Sendable {
        public var total: UInt64 = 0
        public var percpu: [UInt64] = []
        public var percpuKernel: [UInt64] = []
        public var percpuUser: [UInt64] = []
        public var kernel: UInt64 = 0
        public var user: UInt64 = 0
    }

    public struct Throttling: Hashable, Sendable {
        public var periods: UInt64 = 0
        public var throttledPeriods: UInt64 = 0
        public var throttledTime: UInt64 = 0
    }

    public struct Cpuset: Hashable, Sendable {
        public var cpus: [UInt16] = []
        public var mems: [UInt16] = []
        public var cpuExclusive: UInt64 = 0
        public var memHardwall: UInt64 = 0
        public var memExclusive: UInt64 = 0
        public var memoryMigrate: UInt64 = 0
        public var memorySpreadPage: UInt64 = 0
        public var memorySpreadSlab: UInt64 = 0
        public var memoryPressure: UInt64 = 0
        public var schedLoadBalance: UInt64 = 0
        public var schedRelaxDomainLevel: Int64 = 0
    }

    /// In bytes.
    public struct Memory: Hashable, Sendable {
        public var cache: UInt64 = 0
        public var usage = MemoryCounters()
        /// Memory and swap together.
        public var swap = MemoryCounters()
        public var kernel = MemoryCounters()
        public var kernelTCP = MemoryCounters()
        /// All of `memory.stat`.
        public var raw: [String: UInt64] = [:]
        public var psi: Pressure?
    }

    public struct MemoryCounters: Hashable, Sendable {
        public var limit: UInt64 = 0
        public var usage: UInt64 = 0
        public var max: UInt64 = 0
        public var failcnt: UInt64 = 0
    }

    public struct Pids: Hashable, Sendable {
        public var current: UInt64 = 0
        /// 0: none.
        public var limit: UInt64 = 0
    }

    public struct BlockIO: Hashable, Sendable {
        public var ioServiceBytesRecursive: [BlockEntry] = []
        public var ioServicedRecursive: [BlockEntry] = []
        public var ioQueueRecursive: [BlockEntry] = []
        public var ioServiceTimeRecursive: [BlockEntry] = []
        public var ioWaitTimeRecursive: [BlockEntry] = []
        public var ioMergedRecursive: [BlockEntry] = []
        public var ioTimeRecursive: [BlockEntry] = []
        public var sectorsRecursive: [BlockEntry] = []
        public var psi: Pressure?
    }

    public struct BlockEntry: Hashable, Sendable {
        public let major: UInt64
        public let minor: UInt64
        /// `Read`, `Write`, `Sync`, `Async`, `Total`, or empty.
        public let op: String
        public let value: UInt64
    }

    public struct HugePages: Hashable, Sendable {
        public var usage: UInt64 = 0
        public var max: UInt64 = 0
        public var failcnt: UInt64 = 0
    }
}

/// Documentation/accounting/psi.rst: how long processes waited for a resource.
public struct Pressure: Encodable, Hashable, Sendable {
    public struct Share: Encodable, Hashable, Sendable {
        /// Percent of the last 10, 60 and 300 seconds.
        public var avg10 = 0.0
        public var avg60 = 0.0
        public var avg300 = 0.0
        /// Microseconds.
        public var total: UInt64 = 0
    }

    public var some = Share()
    public var full = Share()

    /// Reads `some avg10=0.00 avg60=0.00 avg300=0.00 total=0` and the same for `full`.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.first == "some" { some = Share(fields.dropFirst()) }
            if fields.first == "full" { full = Share(fields.dropFirst()) }
        }
    }

    /// Nil where the kernel keeps no account of it.
    init?(from directory: CgroupDirectory, _ file: String) throws(CgroupError) {
        do {
            guard let text = try directory.readIfPresent(file) else { return nil }
            self.init(text)
        } catch {
            if error.errno == .notSupported { return nil }
            throw error
        }
    }
}

extension Pressure.Share {
    fileprivate init(_ fields: some Sequence<Substring>) {
        for field in fields {
            let pair = field.split(separator: "=")
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "avg10": avg10 = Double(pair[1]) ?? 0
            case "avg60": avg60 = Double(pair[1]) ?? 0
            case "avg300": avg300 = Double(pair[1]) ?? 0
            case "total": total = UInt64(pair[1]) ?? 0
            default: continue
            }
        }
    }
}
