internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

extension Command {
    static let update = Command(
        "update", "change the limits of a container that runs", arguments: "<container-id>",
        flags: [
            Flag(
                "resources", "r", takes: "FILE",
                "a file (-: standard input) with linux.resources; no flag of theirs counts"
            ),
            Flag("blkio-weight", takes: "N", "the block I/O weight, 10 to 1000"),
            Flag("cpu-period", takes: "N", "microseconds to which the quota applies"),
            Flag("cpu-quota", takes: "N", "microseconds of CPU in each period; -1 is no limit"),
            Flag("cpu-burst", takes: "N", "microseconds above the quota that may be saved up"),
            Flag("cpu-share", takes: "N", "the CPU weight beside other containers"),
            Flag("cpu-rt-period", takes: "N", "microseconds to which the realtime limit applies"),
            Flag("cpu-rt-runtime", takes: "N", "microseconds of realtime CPU in each period"),
            Flag("cpu-idle", takes: "0|1", "1 runs it only when nothing else wants to"),
            Flag("cpuset-cpus", takes: "LIST", "the CPUs that may be used: 0-3,7"),
            Flag("cpuset-mems", takes: "LIST", "the memory nodes that may be used"),
            Flag("memory", takes: "BYTES", "the memory limit: 64M; -1 is no limit"),
            Flag("memory-reservation", takes: "BYTES", "the memory that it keeps under pressure"),
            Flag("memory-swap", takes: "BYTES", "the limit of memory and swap together"),
            Flag("pids-limit", takes: "N", "the number of processes; -1 is no limit"),
            Flag("l3-cache-schema", takes: "SCHEMA", "the share of caches, by Intel RDT: L3:0=7f0;1=1f"),
            Flag("mem-bw-schema", takes: "SCHEMA", "the share of memory bandwidth, by Intel RDT: MB:0=20;1=70"),
        ], count: 1...1
    ) { invocation in
        let flags = invocation.flags
        let schemas = CacheSchemas(cache: flags.text("l3-cache-schema"), bandwidth: flags.text("mem-bw-schema"))
        try invocation.root.engine.update(invocation.container, try UpdateFlags.resources(flags), schemas)
        return 0
    }
}

enum UpdateFlags {
    static func resources(_ flags: FlagValues) throws -> Resources {
        if let path = flags.text("resources") { return try document(path) }
        var resources = Resources()
        resources.cpu = try cpu(flags)
        resources.memory = try memory(flags)
        if let limit = try number(flags, "pids-limit", Int64.self) { resources.pids = ProcessResources(limit: limit) }
        if let weight = try number(flags, "blkio-weight", UInt16.self) {
            resources.blockIO = BlockIOResources(weight: weight)
        }
        return resources
    }

    private static func document(_ path: String) throws -> Resources {
        let bytes =
            path == "-"
            ? try Descriptor.standardInput.readAll(limit: maximumDocumentSize)
            : try Descriptor.workingDirectory.readFile(path, limit: maximumDocumentSize)
        do { return try Resources(parsing: bytes) } catch {
            throw CommandFailure("\(path): \(error)", kind: RuntimeError.Kind.invalidConfiguration.rawValue)
        }
    }

    private static func cpu(_ flags: FlagValues) throws -> CPUResources {
        CPUResources(
            shares: try number(flags, "cpu-share"), quota: try number(flags, "cpu-quota"),
            burst: try number(flags, "cpu-burst"), period: try number(flags, "cpu-period"),
            realtimeRuntime: try number(flags, "cpu-rt-runtime"), realtimePeriod: try number(flags, "cpu-rt-period"),
            cpus: flags.text("cpuset-cpus"), mems: flags.text("cpuset-mems"), idle: try number(flags, "cpu-idle"))
    }

    private static func memory(_ flags: FlagValues) throws -> MemoryResources? {
        let limit = try size(flags, "memory")
        let reservation = try size(flags, "memory-reservation")
        let swap = try size(flags, "memory-swap")
        if limit == nil, reservation == nil, swap == nil { return nil }
        return MemoryResources(limit: limit, reservation: reservation, swap: swap)
    }

    private static func number<Number: FixedWidthInteger>(
        _ flags: FlagValues, _ name: String, _ type: Number.Type = Number.self
    ) throws -> Number? {
        guard let text = flags.text(name) else { return nil }
        if let number = Number(text) { return number }
        throw UsageError("invalid value for \(name): \"\(text)\"")
    }

    private static func size(_ flags: FlagValues, _ name: String) throws -> Int64? {
        guard let text = flags.text(name) else { return nil }
        if let bytes = bytes(text) { return bytes }
        throw UsageError("invalid value for \(name): \"\(text)\"")
    }

    /// `512`, `64M`, `1.5GiB`, `-1`: powers of 1024, whatever the case.
    static func bytes(_ text: String) -> Int64? {
        if text == "-1" { return -1 }
        let number = text.prefix { $0.isNumber || $0 == "." }
        guard let value = Double(number), value >= 0 else { return nil }
        var unit = text.dropFirst(number.count).lowercased()
        if unit.hasPrefix(" ") { unit.removeFirst() }
        let powers: [Character: Double] = ["k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40, "p": 0x1p50]
        let factor = unit.first.flatMap { powers[$0] }
        if factor != nil { unit.removeFirst() }
        guard ["", "b"].contains(unit) || factor != nil && unit == "ib" else { return nil }
        return Int64(exactly: (value * (factor ?? 1)).rounded(.towardZero))
    }
}
