/// config-linux.md, "Control groups".
public struct Resources: Codable, Hashable, Sendable {
    public var devices: [DeviceRule]?
    public var memory: MemoryResources?
    public var cpu: CPUResources?
    public var pids: ProcessResources?
    public var blockIO: BlockIOResources?
    public var hugepageLimits: [HugepageLimit]?
    public var network: NetworkResources?
    /// By device.
    public var rdma: [String: RDMAResources]?
    /// cgroup v2 files to write, by name.
    public var unified: [String: String]?

    public init(
        devices: [DeviceRule]? = nil, memory: MemoryResources? = nil, cpu: CPUResources? = nil,
        pids: ProcessResources? = nil, blockIO: BlockIOResources? = nil, hugepageLimits: [HugepageLimit]? = nil,
        network: NetworkResources? = nil, rdma: [String: RDMAResources]? = nil, unified: [String: String]? = nil
    ) {
        self.devices = devices
        self.memory = memory
        self.cpu = cpu
        self.pids = pids
        self.blockIO = blockIO
        self.hugepageLimits = hugepageLimits
        self.network = network
        self.rdma = rdma
        self.unified = unified
    }
}

/// Whether a kind of device may be used; the last rule that matches counts.
public struct DeviceRule: Codable, Hashable, Sendable {
    public var allow: Bool
    /// `a`, `c` or `b`; nil is all.
    public var type: String?
    /// Nil, or -1, is all.
    public var major: Int64?
    public var minor: Int64?
    /// Letters of `rwm`; nil is all.
    public var access: String?

    public init(allow: Bool, type: String? = nil, major: Int64? = nil, minor: Int64? = nil, access: String? = nil) {
        self.allow = allow
        self.type = type
        self.major = major
        self.minor = minor
        self.access = access
    }
}

/// In bytes; -1 is no limit.
public struct MemoryResources: Codable, Hashable, Sendable {
    public var limit: Int64?
    public var reservation: Int64?
    /// Memory and swap together.
    public var swap: Int64?
    public var kernel: Int64?
    public var kernelTCP: Int64?
    /// 0 to 100.
    public var swappiness: UInt64?
    public var disableOOMKiller: Bool?
    public var useHierarchy: Bool?
    public var checkBeforeUpdate: Bool?

    public init(
        limit: Int64? = nil, reservation: Int64? = nil, swap: Int64? = nil, kernel: Int64? = nil,
        kernelTCP: Int64? = nil, swappiness: UInt64? = nil, disableOOMKiller: Bool? = nil, useHierarchy: Bool? = nil,
        checkBeforeUpdate: Bool? = nil
    ) {
        self.limit = limit
        self.reservation = reservation
        self.swap = swap
        self.kernel = kernel
        self.kernelTCP = kernelTCP
        self.swappiness = swappiness
        self.disableOOMKiller = disableOOMKiller
        self.useHierarchy = useHierarchy
        self.checkBeforeUpdate = checkBeforeUpdate
    }
}

/// Times in microseconds.
public struct CPUResources: Codable, Hashable, Sendable {
    public var shares: UInt64?
    public var quota: Int64?
    public var burst: UInt64?
    public var period: UInt64?
    public var realtimeRuntime: Int64?
    public var realtimePeriod: UInt64?
    /// A list such as `0-3,7`.
    public var cpus: String?
    public var mems: String?
    /// 1 is `SCHED_IDLE`.
    public var idle: Int64?

    public init(
        shares: UInt64? = nil, quota: Int64? = nil, burst: UInt64? = nil, period: UInt64? = nil,
        realtimeRuntime: Int64? = nil, realtimePeriod: UInt64? = nil, cpus: String? = nil, mems: String? = nil,
        idle: Int64? = nil
    ) {
        self.shares = shares
        self.quota = quota
        self.burst = burst
        self.period = period
        self.realtimeRuntime = realtimeRuntime
        self.realtimePeriod = realtimePeriod
        self.cpus = cpus
        self.mems = mems
        self.idle = idle
    }
}

public struct ProcessResources: Codable, Hashable, Sendable {
    /// 0 and below is no limit.
    public var limit: Int64?

    public init(limit: Int64? = nil) {
        self.limit = limit
    }
}

public struct HugepageLimit: Codable, Hashable, Sendable {
    /// `2MB`, `1GB`.
    public var pageSize: String
    /// In bytes.
    public var limit: UInt64

    public init(pageSize: String, limit: UInt64) {
        self.pageSize = pageSize
        self.limit = limit
    }
}

public struct NetworkResources: Codable, Hashable, Sendable {
    public var classID: UInt32?
    public var priorities: [InterfacePriority]?

    public init(classID: UInt32? = nil, priorities: [InterfacePriority]? = nil) {
        self.classID = classID
        self.priorities = priorities
    }
}

public struct InterfacePriority: Codable, Hashable, Sendable {
    public var name: String
    public var priority: UInt32

    public init(name: String, priority: UInt32) {
        self.name = name
        self.priority = priority
    }
}

public struct RDMAResources: Codable, Hashable, Sendable {
    public var hcaHandles: UInt32?
    public var hcaObjects: UInt32?

    public init(hcaHandles: UInt32? = nil, hcaObjects: UInt32? = nil) {
        self.hcaHandles = hcaHandles
        self.hcaObjects = hcaObjects
    }
}

public struct BlockIOResources: Codable, Hashable, Sendable {
    public var weight: UInt16?
    public var leafWeight: UInt16?
    public var weightDevice: [WeightDevice]?
    public var throttleReadBpsDevice: [ThrottleDevice]?
    public var throttleWriteBpsDevice: [ThrottleDevice]?
    public var throttleReadIOPSDevice: [ThrottleDevice]?
    public var throttleWriteIOPSDevice: [ThrottleDevice]?

    public init(
        weight: UInt16? = nil, leafWeight: UInt16? = nil, weightDevice: [WeightDevice]? = nil,
        throttleReadBpsDevice: [ThrottleDevice]? = nil, throttleWriteBpsDevice: [ThrottleDevice]? = nil,
        throttleReadIOPSDevice: [ThrottleDevice]? = nil, throttleWriteIOPSDevice: [ThrottleDevice]? = nil
    ) {
        self.weight = weight
        self.leafWeight = leafWeight
        self.weightDevice = weightDevice
        self.throttleReadBpsDevice = throttleReadBpsDevice
        self.throttleWriteBpsDevice = throttleWriteBpsDevice
        self.throttleReadIOPSDevice = throttleReadIOPSDevice
        self.throttleWriteIOPSDevice = throttleWriteIOPSDevice
    }
}

public struct WeightDevice: Codable, Hashable, Sendable {
    public var major: Int64
    public var minor: Int64
    public var weight: UInt16?
    public var leafWeight: UInt16?

    public init(major: Int64, minor: Int64, weight: UInt16? = nil, leafWeight: UInt16? = nil) {
        self.major = major
        self.minor = minor
        self.weight = weight
        self.leafWeight = leafWeight
    }
}

public struct ThrottleDevice: Codable, Hashable, Sendable {
    public var major: Int64
    public var minor: Int64
    /// Bytes, or operations, a second.
    public var rate: UInt64

    public init(major: Int64, minor: Int64, rate: UInt64) {
        self.major = major
        self.minor = minor
        self.rate = rate
    }
}
