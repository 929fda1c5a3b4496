internal import LineProtocol
internal import RuntimeSpec

/// docker's rules for limits. Pure.
struct ResourceRules {
    private static let leastMemory: Int64 = 6 << 20
    let machine: Machine

    init(_ machine: Machine) { self.machine = machine }

    /// Refuses what contradicts itself, or what no kernel can do.
    func check(_ wanted: ContainerResources) throws(ProtocolFailure) {
        try checkMemory(wanted)
        try checkSwap(wanted)
        try checkProcessors(wanted)
        try checkBlockIO(wanted)
    }

    private func checkMemory(_ wanted: ContainerResources) throws(ProtocolFailure) {
        if let memory = wanted.memory, memory != 0 {
            try require(memory >= Self.leastMemory, "--memory: minimum memory limit allowed is 6MB")
        }
        if let reservation = wanted.memoryReservation, reservation != 0 {
            try require(
                reservation >= Self.leastMemory, "--memory-reservation: minimum memory reservation allowed is 6MB")
            try require(
                (wanted.memory ?? 0) == 0 || reservation <= (wanted.memory ?? 0),
                "--memory-reservation: it can not be more than the memory limit")
        }
        if let swappiness = wanted.memorySwappiness {
            try require((0...100).contains(swappiness), "--memory-swappiness: \(swappiness): the range is 0 to 100")
            try requireLegacy("--memory-swappiness")
        }
        if wanted.outOfMemoryKillerIsOff == true { try requireLegacy("--oom-kill-disable") }
    }

    private func checkSwap(_ wanted: ContainerResources) throws(ProtocolFailure) {
        guard let swap = wanted.memorySwap, swap != 0, swap != -1 else { return }
        guard machine.canLimitSwap else {
            throw ProtocolFailure(.notSupported, "--memory-swap: this kernel does not account for swap")
        }
        guard let memory = wanted.memory, memory > 0 else {
            throw invalid("--memory-swap: it needs a memory limit, see --memory")
        }
        try require(
            swap >= memory,
            "--memory-swap: it is memory and swap together, and can not be less than the memory limit")
    }

    private func checkProcessors(_ wanted: ContainerResources) throws(ProtocolFailure) {
        if let nano = wanted.nanoCPUs, nano != 0 {
            try require(
                (1...Int64(machine.processors) * 1_000_000_000).contains(nano),
                "--cpus: range of CPUs is from 0.01 to \(machine.processors).00, as there are only "
                    + "\(machine.processors) CPUs available")
            let others = (wanted.cpuPeriod ?? 0) != 0 || (wanted.cpuQuota ?? 0) > 0
            try require(!others, "--cpus: it says the same as --cpu-period and --cpu-quota: use either")
        }
        if let shares = wanted.cpuShares { try require(shares >= 0, "--cpu-shares: \(shares): it is 0 or more") }
        if let period = wanted.cpuPeriod, period != 0 {
            try require(
                (1000...1_000_000).contains(period),
                "--cpu-period: it can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)")
        }
        if let quota = wanted.cpuQuota, quota > 0 {
            try require(quota >= 1000, "--cpu-quota: it can not be less than 1ms (i.e. 1000)")
        }
        if let period = wanted.cpuRealtimePeriod { try require(period >= 0, "--cpu-rt-period: it is 0 or more") }
        if (wanted.cpuRealtimePeriod ?? 0) != 0 || (wanted.cpuRealtimeRuntime ?? 0) != 0 {
            try requireLegacy("--cpu-rt-runtime")
        }
    }

    private func checkBlockIO(_ wanted: ContainerResources) throws(ProtocolFailure) {
        let weights = [("--blkio-weight", wanted.blockWeight)].filter { ($0.1 ?? 0) != 0 }
        let ofDevices = (wanted.blockDeviceWeights ?? []).map { ("--blkio-weight-device", Int64(clamping: $0.number)) }
        for (option, weight) in weights.map({ ($0.0, $0.1 ?? 0) }) + ofDevices {
            try require((10...1000).contains(weight), "\(option): \(weight): the range is 10 to 1000")
            guard machine.canWeighBlockIO else {
                throw ProtocolFailure(.notSupported, "\(option): this kernel does not weigh block I/O")
            }
        }
    }

    private func requireLegacy(_ option: String) throws(ProtocolFailure) {
        guard machine.cgroups != .v2 else {
            throw ProtocolFailure(.notSupported, "\(option): cgroup v2 has no such control")
        }
    }

    private func require(_ isTrue: Bool, _ message: @autoclosure () -> String) throws(ProtocolFailure) {
        guard isTrue else { throw invalid(message()) }
    }

    private func invalid(_ message: String) -> ProtocolFailure { ProtocolFailure(.invalidArgument, message) }
}

// MARK: For the runtime

extension ResourceRules {
    /// In runtime-spec's words. `numbers` are those of the devices that are named, by path.
    func resources(_ wanted: ContainerResources, _ numbers: DeviceNumbers) -> Resources {
        Resources(
            memory: memory(wanted), cpu: processors(wanted),
            pids: wanted.processes.map { ProcessResources(limit: $0 > 0 ? $0 : -1) },
            blockIO: blockIO(wanted, numbers))
    }

    /// Memory and swap together are twice the memory, unless told otherwise.
    func swap(_ wanted: ContainerResources) -> Int64? {
        if let swap = Self.some(wanted.memorySwap) { return swap }
        guard machine.canLimitSwap, let limit = Self.some(wanted.memory) else { return nil }
        return limit > Int64.max / 2 ? Int64.max : limit * 2
    }

    /// docker's 0 is nothing said.
    private static func some(_ number: Int64?) -> Int64? { number == 0 ? nil : number }

    private func memory(_ wanted: ContainerResources) -> MemoryResources? {
        let memory = MemoryResources(
            limit: Self.some(wanted.memory), reservation: Self.some(wanted.memoryReservation), swap: swap(wanted),
            swappiness: wanted.memorySwappiness.map { UInt64(clamping: $0) },
            disableOOMKiller: wanted.outOfMemoryKillerIsOff)
        return memory == MemoryResources() ? nil : memory
    }

    /// `--cpus` is a quota of periods of a tenth of a second.
    private func processors(_ wanted: ContainerResources) -> CPUResources? {
        let period: Int64 = 100_000
        let nano = Self.some(wanted.nanoCPUs)
        let quota = nano.map { max($0 / 1000 * period / 1_000_000, 1000) }
        let processors = CPUResources(
            shares: Self.some(wanted.cpuShares).map { UInt64(clamping: $0) },
            quota: quota ?? Self.some(wanted.cpuQuota),
            period: (nano.map { _ in period } ?? Self.some(wanted.cpuPeriod)).map { UInt64(clamping: $0) },
            realtimeRuntime: Self.some(wanted.cpuRealtimeRuntime),
            realtimePeriod: Self.some(wanted.cpuRealtimePeriod).map { UInt64(clamping: $0) },
            cpus: wanted.cpusetCPUs.flatMap { $0.isEmpty ? nil : $0 },
            mems: wanted.cpusetMemoryNodes.flatMap { $0.isEmpty ? nil : $0 })
        return processors == CPUResources() ? nil : processors
    }

    private func blockIO(_ wanted: ContainerResources, _ numbers: DeviceNumbers) -> BlockIOResources? {
        func rates(_ devices: [ContainerResources.DeviceNumber]?) -> [ThrottleDevice]? {
            devices?.compactMap { device in
                numbers[device.path].map { ThrottleDevice(major: $0.major, minor: $0.minor, rate: device.number) }
            }
        }
        let weights = wanted.blockDeviceWeights?.compactMap { device in
            numbers[device.path].map {
                WeightDevice(major: $0.major, minor: $0.minor, weight: UInt16(clamping: device.number))
            }
        }
        let blockIO = BlockIOResources(
            weight: Self.some(wanted.blockWeight).map { UInt16(clamping: $0) }, weightDevice: weights,
            throttleReadBpsDevice: rates(wanted.readBytes), throttleWriteBpsDevice: rates(wanted.writeBytes),
            throttleReadIOPSDevice: rates(wanted.readOperations),
            throttleWriteIOPSDevice: rates(wanted.writeOperations))
        return blockIO == BlockIOResources() ? nil : blockIO
    }
}
