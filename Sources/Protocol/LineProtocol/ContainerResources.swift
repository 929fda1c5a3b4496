/// Limits of a container: docker's options of `run` and `update` as a value. What is nil is left to the kernel, or by an
/// update as it is.
public struct ContainerResources: Codable, Sendable, Hashable {
    /// Bytes.
    public var memory: Int64?
    /// Bytes of memory and swap together; -1 is no limit, nil twice the memory.
    public var memorySwap: Int64?
    /// Bytes that it keeps when memory is scarce.
    public var memoryReservation: Int64?
    /// 0 to 100: how readily the kernel swaps its memory out.
    public var memorySwappiness: Int64?
    /// Let processes wait for memory instead of killing one of them.
    public var outOfMemoryKillerIsOff: Bool?
    /// Billionths of a processor.
    public var nanoCPUs: Int64?
    /// Its share beside other containers; 1024 is usual.
    public var cpuShares: Int64?
    /// Microseconds.
    public var cpuPeriod: Int64?
    /// Microseconds of processor time in each period; -1 is no limit.
    public var cpuQuota: Int64?
    public var cpuRealtimePeriod: Int64?
    public var cpuRealtimeRuntime: Int64?
    /// `0-3,7`.
    public var cpusetCPUs: String?
    public var cpusetMemoryNodes: String?
    /// Processes and threads at a time; 0 and below is no limit.
    public var processes: Int64?
    /// 10 to 1000.
    public var blockWeight: Int64?
    public var blockDeviceWeights: [DeviceNumber]?
    /// Bytes, or operations, a second.
    public var readBytes: [DeviceNumber]?
    public var writeBytes: [DeviceNumber]?
    public var readOperations: [DeviceNumber]?
    public var writeOperations: [DeviceNumber]?

    /// A number for one block device of the host's.
    public struct DeviceNumber: Codable, Sendable, Hashable {
        public var path: String
        public var number: UInt64
        public init(path: String, number: UInt64) {
            self.path = path
            self.number = number
        }
    }

    public init() {}

    /// These, but for what `changes` says.
    public func updated(by changes: ContainerResources) -> ContainerResources {
        var result = self
        result.memory = changes.memory ?? memory
        result.memorySwap = changes.memorySwap ?? memorySwap
        result.memoryReservation = changes.memoryReservation ?? memoryReservation
        result.memorySwappiness = changes.memorySwappiness ?? memorySwappiness
        result.outOfMemoryKillerIsOff = changes.outOfMemoryKillerIsOff ?? outOfMemoryKillerIsOff
        result.nanoCPUs = changes.nanoCPUs ?? nanoCPUs
        result.cpuShares = changes.cpuShares ?? cpuShares
        result.cpuPeriod = changes.cpuPeriod ?? cpuPeriod
        result.cpuQuota = changes.cpuQuota ?? cpuQuota
        result.cpuRealtimePeriod = changes.cpuRealtimePeriod ?? cpuRealtimePeriod
        result.cpuRealtimeRuntime = changes.cpuRealtimeRuntime ?? cpuRealtimeRuntime
        result.cpusetCPUs = changes.cpusetCPUs ?? cpusetCPUs
        result.cpusetMemoryNodes = changes.cpusetMemoryNodes ?? cpusetMemoryNodes
        result.processes = changes.processes ?? processes
        result.blockWeight = changes.blockWeight ?? blockWeight
        result.blockDeviceWeights = changes.blockDeviceWeights ?? blockDeviceWeights
        result.readBytes = changes.readBytes ?? readBytes
        result.writeBytes = changes.writeBytes ?? writeBytes
        result.readOperations = changes.readOperations ?? readOperations
        result.writeOperations = changes.writeOperations ?? writeOperations
        return result
    }
}
