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

extension Resources: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        devices = try members.optional("devices")
        memory = try members.optional("memory")
        cpu = try members.optional("cpu")
        pids = try members.optional("pids")
        blockIO = try members.optional("blockIO")
        hugepageLimits = try members.optional("hugepageLimits")
        network = try members.optional("network")
        rdma = try members.optional("rdma")
        unified = try members.optional("unified")
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

extension DeviceRule: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        allow = try members.required("allow")
        type = try members.optional("type")
        major = try members.optional("major")
        minor = try members.optional("minor")
        access = try members.optional("access")
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

extension MemoryResources: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        limit = try members.optional("limit")
        reservation = try members.optional("reservation")
        swap = try members.optional("swap")
        kernel = try members.optional("kernel")
        kernelTCP = try members.optional("kernelTCP")
        swappiness = try members.optional("swappiness")
        disableOOMKiller = try members.optional("disableOOMKiller")
        useHierarchy = try members.optional("useHierarchy")
        checkBeforeUpdate = try members.optional("checkBeforeUpdate")
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

extension CPUResources: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        shares = try members.optional("shares")
        quota = try members.optional("quota")
        burst = try members.optional("burst")
        period = try members.optional("period")
        realtimeRuntime = try members.optional("realtimeRuntime")
        realtimePeriod = try members.optional("realtimePeriod")
        cpus = try members.optional("cpus")
        mems = try members.optional("mems")
        idle = try members.optional("idle")
    }
}

public struct ProcessResources: Codable, Hashable, Sendable {
    /// 0 and below is no limit.
    public var limit: Int64?

    public init(limit: Int64? = nil) {
        self.limit = limit
    }
}

extension ProcessResources: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        limit = try members.optional("limit")
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

extension HugepageLimit: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        pageSize = try members.required("pageSize")
        limit = try members.required("limit")
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

extension NetworkResources: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        classID = try members.optional("classID")
        priorities = try members.optional("priorities")
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

extension InterfacePriority: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        name = try members.required("name")
        priority = try members.required("priority")
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

extension RDMAResources: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        hcaHandles = try members.optional("hcaHandles")
        hcaObjects = try members.optional("hcaObjects")
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

extension BlockIOResources: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        weight = try members.optional("weight")
        leafWeight = try members.optional("leafWeight")
        weightDevice = try members.optional("weightDevice")
        throttleReadBpsDevice = try members.optional("throttleReadBpsDevice")
        throttleWriteBpsDevice = try members.optional("throttleWriteBpsDevice")
        throttleReadIOPSDevice = try members.optional("throttleReadIOPSDevice")
        throttleWriteIOPSDevice = try members.optional("throttleWriteIOPSDevice")
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

extension WeightDevice: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        major = try members.required("major")
        minor = try members.required("minor")
        weight = try members.optional("weight")
        leafWeight = try members.optional("leafWeight")
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

extension ThrottleDevice: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        major = try members.required("major")
        minor = try members.required("minor")
        rate = try members.required("rate")
    }
}
