internal import LinuxKernel

/// What the supervisor needs to know of the machine it runs on, read once.
struct Machine: Sendable, Hashable {
    enum Cgroups: String, Sendable { case v1, hybrid, v2 }

    let architecture: String
    let kernel: String
    let hostname: String
    let cgroups: Cgroups
    let operatingSystem: String
    let processors: Int
    /// Bytes.
    let memory: Int64
    /// Names of the capabilities that this program has, and so can give.
    let capabilities: [String]
    let hasAppArmor: Bool
    /// Whether the kernel accounts for swap.
    let canLimitSwap: Bool
    /// Whether the kernel weighs block I/O.
    let canWeighBlockIO: Bool
    /// Files of sysfs that tell how hot processors get, and with it what other containers do.
    let thermalThrottles: [String]

    static func current() -> Machine {
        let identity = SystemIdentity.current
        return Machine(
            architecture: identity.machine, kernel: identity.release, hostname: identity.node, cgroups: cgroups(),
            operatingSystem: operatingSystem(), processors: SystemIdentity.processors, memory: memory(),
            capabilities: CapabilityNames.names(of: ThisProcess.permittedCapabilities).filter(
                knownCapabilities.contains),
            hasAppArmor: lines(of: "/sys/module/apparmor/parameters/enabled") == ["Y"], canLimitSwap: canLimitSwap(),
            canWeighBlockIO: canWeighBlockIO(),
            thermalThrottles: thermalThrottles())
    }

    /// Those of capabilities(7), whether this machine has them or not.
    static let knownCapabilities = Set(CapabilityNames.all)

    /// On cgroup v2 every cgroup but the root has the file.
    private static func canLimitSwap() -> Bool {
        let here = Descriptor.workingDirectory
        if cgroups() == .v2 { return (try? here.exists("/proc/swaps")) == true }
        return (try? here.exists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes")) == true
    }

    /// On cgroup v2 only cgroups below the root could tell: the runtime will. Of bfq's files the root has just those that
    /// count, every other cgroup `blkio.bfq.weight` as well: block/bfq-cgroup.c.
    private static func canWeighBlockIO() -> Bool {
        cgroups() == .v2
            || ["blkio.weight", "blkio.bfq.io_serviced"].contains {
                (try? Descriptor.workingDirectory.exists("/sys/fs/cgroup/blkio/\($0)")) == true
            }
    }

    private static func thermalThrottles() -> [String] {
        let directory = "/sys/devices/system/cpu"
        let here = Descriptor.workingDirectory
        let names = ((try? here.entries(of: directory)) ?? []).map(\.name).filter { name in
            name.hasPrefix("cpu") && name.utf8.dropFirst(3).allSatisfy { (0x30...0x39).contains($0) }
        }
        return names.sorted().map { "\(directory)/\($0)/thermal_throttle" }.filter { (try? here.exists($0)) == true }
    }

    private static func cgroups() -> Cgroups {
        let here = Descriptor.workingDirectory
        if (try? here.exists("/sys/fs/cgroup/cgroup.controllers")) == true { return .v2 }
        return (try? here.exists("/sys/fs/cgroup/unified/cgroup.procs")) == true ? .hybrid : .v1
    }

    private static func operatingSystem() -> String {
        let name = lines(of: "/etc/os-release").first { $0.hasPrefix("PRETTY_NAME=") }?.dropFirst(12)
        return name.map { String($0).trimmingQuotes } ?? "Linux"
    }

    private static func memory() -> Int64 {
        let line = lines(of: "/proc/meminfo").first { $0.hasPrefix("MemTotal:") }
        let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
        return (kibibytes ?? 0) << 10
    }

    private static func lines(of path: String) -> [Substring] {
        let bytes = (try? Descriptor.workingDirectory.readFile(path, limit: 1 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}

extension String {
    /// Without quotation marks around it.
    fileprivate var trimmingQuotes: String {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
    }
}
