internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

/// The limits that `run`, `create` and `update` share.
struct ResourceArguments: ParsableArguments {
    @Option(
        name: [.customShort("m", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Limit its memory.", valueName: "bytes"))
    var memory: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Limit memory and swap together; -1: no limit of swap.", valueName: "bytes"))
    var memorySwap: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Memory that it keeps when it is scarce.", valueName: "bytes"))
    var memoryReservation: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Limit its processors.", valueName: "number"))
    var cpus: String?

    @Option(
        name: [.customShort("c", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Its share of processors beside other containers.", valueName: "weight"))
    var cpuShares: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Period of the quota.", valueName: "microseconds"))
    var cpuPeriod: Int64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Processor time in each period; -1: no limit.", valueName: "microseconds"))
    var cpuQuota: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Period of realtime.", valueName: "microseconds"))
    var cpuRtPeriod: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Realtime in each period.", valueName: "microseconds"))
    var cpuRtRuntime: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Processors that it may use: 0-3,7.", valueName: "list"))
    var cpusetCpus: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Memory nodes that it may use.", valueName: "list"))
    var cpusetMems: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Limit its processes; -1: no limit.", valueName: "number"))
    var pidsLimit: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Its weight of block I/O: 10 to 1000.", valueName: "weight"))
    var blkioWeight: Int64?

    func value() throws -> ContainerResources {
        var resources = ContainerResources()
        resources.memory = try memory.map { try ByteCount.parse($0, "--memory") }
        resources.memorySwap = try memorySwap.map { $0 == "-1" ? -1 : try ByteCount.parse($0, "--memory-swap") }
        resources.memoryReservation = try memoryReservation.map { try ByteCount.parse($0, "--memory-reservation") }
        resources.nanoCPUs = try cpus.map(ProcessorCount.parse)
        resources.cpuShares = cpuShares
        resources.cpuPeriod = cpuPeriod
        resources.cpuQuota = cpuQuota
        resources.cpuRealtimePeriod = cpuRtPeriod
        resources.cpuRealtimeRuntime = cpuRtRuntime
        resources.cpusetCPUs = cpusetCpus
        resources.cpusetMemoryNodes = cpusetMems
        resources.processes = pidsLimit
        resources.blockWeight = blkioWeight
        return resources
    }
}

/// The limits that are settled when a container is made.
struct FixedResourceArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How readily the kernel swaps its memory out: 0 to 100; -1: as usual.", valueName: "percent")
    )
    var memorySwappiness: Int64?

    @Flag(help: "Let processes wait for memory instead of killing one.")
    var oomKillDisable = false

    @Option(parsing: .unconditional, help: ArgumentHelp("Size of /dev/shm. (default: 64m)", valueName: "bytes"))
    var shmSize: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Cgroup above the container's own.", valueName: "cgroup"))
    var cgroupParent: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Weight of block I/O with a device.", valueName: "device:weight"))
    var blkioWeightDevice: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Limit reading from a device.", valueName: "device:bytes"))
    var deviceReadBps: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Limit writing to a device.", valueName: "device:bytes"))
    var deviceWriteBps: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Limit reads from a device a second.", valueName: "device:number"))
    var deviceReadIops: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Limit writes to a device a second.", valueName: "device:number"))
    var deviceWriteIops: [String] = []

    func apply(to specification: inout ContainerSpecification) throws {
        specification.sharedMemorySize = try shmSize.map { try ByteCount.parse($0, "--shm-size") }
        specification.cgroupParent = cgroupParent.flatMap { $0.isEmpty ? nil : $0 }
        var resources = specification.resources
        resources.memorySwappiness = memorySwappiness == -1 ? nil : memorySwappiness
        resources.outOfMemoryKillerIsOff = oomKillDisable ? true : nil
        resources.blockDeviceWeights = try devices(blkioWeightDevice, "--blkio-weight-device", Self.number)
        resources.readBytes = try devices(deviceReadBps, "--device-read-bps", ByteCount.parse)
        resources.writeBytes = try devices(deviceWriteBps, "--device-write-bps", ByteCount.parse)
        resources.readOperations = try devices(deviceReadIops, "--device-read-iops", Self.number)
        resources.writeOperations = try devices(deviceWriteIops, "--device-write-iops", Self.number)
        specification.resources = resources
    }

    /// `/dev/sda:1mb`.
    private func devices(_ texts: [String], _ option: String, _ number: (String, String) throws -> Int64) throws
        -> [ContainerResources.DeviceNumber]?
    {
        let devices = try texts.map { text in
            guard let colon = text.lastIndex(of: ":"), text.hasPrefix("/") else {
                throw refusal("\(option): bad format for '\(text)': it must be /DEVICE:NUMBER")
            }
            return ContainerResources.DeviceNumber(
                path: String(text[..<colon]),
                number: UInt64(clamping: try number(String(text[text.index(after: colon)...]), option)))
        }
        return devices.isEmpty ? nil : devices
    }

    private static func number(_ text: String, _ option: String) throws -> Int64 {
        guard let number = Int64(text), number >= 0 else { throw refusal("\(option): '\(text)' is no number") }
        return number
    }
}
