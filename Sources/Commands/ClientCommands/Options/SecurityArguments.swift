internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// The options of `run` and `create` that say what a container's processes may do.
struct SecurityArguments: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Give a capability, or ALL.", valueName: "capability"))
    var capAdd: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Take a capability away, or ALL.", valueName: "capability"))
    var capDrop: [String] = []

    @Flag(help: "Give all capabilities and devices, and hide nothing of the kernel.")
    var privileged = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("seccomp=…, apparmor=…, no-new-privileges, systempaths=unconfined.", valueName: "option"))
    var securityOpt: [String] = []

    @Flag(help: "Make the root filesystem read-only.")
    var readOnly = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Name or number of a further group.", valueName: "group"))
    var groupAdd: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Give a device of the host's.", valueName: "host[:container[:rwm]]"))
    var device: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Allow devices by their numbers: c 1:3 rwm.", valueName: "rule"))
    var deviceCgroupRule: [String] = []

    func value() throws -> ContainerSecurity {
        var security = ContainerSecurity()
        security.addedCapabilities = capAdd
        security.droppedCapabilities = capDrop
        security.privileged = privileged
        security.options = try securityOpt.map(Self.withContent)
        security.readOnlyRoot = readOnly
        security.groups = groupAdd
        security.devices = try device.map(DeviceArgument.parse)
        security.deviceRules = deviceCgroupRule
        return security
    }

    /// The supervisor gets a seccomp profile's content: it may not be where the file is.
    private static func withContent(_ option: String) throws -> String {
        let (key, value) = KeyValue.split(option)
        guard key == "seccomp", let value, !["unconfined", "builtin"].contains(value) else { return option }
        do {
            let bytes = try Descriptor.workingDirectory.readFile(value, limit: 1 << 19)
            return "seccomp=" + String(decoding: bytes, as: UTF8.self)
        } catch { throw refusal("opening seccomp profile (\(value)) failed: \(error.errno)") }
    }
}

/// The value of `--device`: `HOST[:CONTAINER[:rwm]]` or `HOST:rwm`.
enum DeviceArgument {
    static func parse(_ text: String) throws(CommandFailure) -> ContainerSecurity.Device {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), !parts.contains("") else {
            throw refusal("invalid device specification: \(text)")
        }
        guard parts[0].hasPrefix("/") else { throw refusal("invalid device \(text): not an absolute path") }
        switch parts.count {
        case 1: return ContainerSecurity.Device(source: parts[0], target: parts[0])
        case 2 where isAccess(parts[1]):
            return ContainerSecurity.Device(source: parts[0], target: parts[0], access: parts[1])
        case 2: return ContainerSecurity.Device(source: parts[0], target: parts[1])
        default:
            guard isAccess(parts[2]) else { throw refusal("invalid device \(text): bad mode specified: \(parts[2])") }
            return ContainerSecurity.Device(source: parts[0], target: parts[1], access: parts[2])
        }
    }

    private static func isAccess(_ text: String) -> Bool {
        Set(text).count == text.count && Set(text).isSubset(of: ["r", "w", "m"])
    }
}
