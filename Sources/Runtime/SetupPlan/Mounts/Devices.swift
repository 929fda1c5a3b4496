internal import LinuxKernel
internal import RuntimeSpec

/// Nodes and links below `/dev`: config-linux.md, "Devices" and "Default Devices"; runtime-linux.md, "Dev symbolic
/// links".
struct DevicePlanning {
    let configuration: RuntimeConfiguration
    let bindsFromHost: Bool

    private static let defaults: [(name: String, major: UInt32, minor: UInt32)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]

    static let links: [SetupStep] = [
        .makeLink(path: "/dev/fd", target: "/proc/self/fd"),
        .makeLink(path: "/dev/stdin", target: "/proc/self/fd/0"),
        .makeLink(path: "/dev/stdout", target: "/proc/self/fd/1"),
        .makeLink(path: "/dev/stderr", target: "/proc/self/fd/2"),
        .makeLink(path: "/dev/core", target: "/proc/kcore", .withTarget),
        .makeLink(path: "/dev/ptmx", target: "pts/ptmx", .replacing),
    ]

    /// Nothing is made where `/dev` is the host's.
    var isDevicesBound: Bool {
        (configuration.mounts ?? []).contains { mount in
            CleanPath.absolute(mount.destination) == "/dev"
                && (mount.type == "bind" || MountOptions(mount.options ?? []).isBind)
        }
    }

    func steps(_ refusals: inout Refusals) -> [SetupStep] {
        var nodes: [DeviceNode] = []
        for (index, device) in (configuration.linux?.devices ?? []).enumerated() {
            if let node = node(device, "linux.devices[\(index)]", &refusals) { nodes.append(node) }
        }
        if isDevicesBound { return nodes.map(SetupStep.makeDevice) }
        // That of the container's own devpts is there in any case.
        nodes.removeAll { $0.path == "/dev/ptmx" }
        let configured = Set(nodes.map(\.path))
        let defaults = Self.defaults.map(defaultNode).filter { !configured.contains($0.path) }
        return (defaults + nodes).map(SetupStep.makeDevice) + Self.links
    }

    private func defaultNode(_ device: (name: String, major: UInt32, minor: UInt32)) -> DeviceNode {
        DeviceNode(
            path: "/dev/" + device.name, kind: .characterDevice, major: device.major, minor: device.minor,
            mode: 0o666, owner: 0, group: 0, bindsFromHost: bindsFromHost)
    }

    private func node(_ device: Device, _ member: String, _ refusals: inout Refusals) -> DeviceNode? {
        let kinds: [String: FileKind] = ["c": .characterDevice, "u": .characterDevice, "b": .blockDevice, "p": .fifo]
        guard let kind = kinds[device.type] else {
            refusals.invalid("\(member).type", "\"\(device.type)\" is not one of c, u, b, p")
            return nil
        }
        guard let major = UInt32(exactly: device.major ?? 0), let minor = UInt32(exactly: device.minor ?? 0),
            kind == .fifo || (device.major != nil && device.minor != nil)
        else {
            refusals.invalid(member, "major and minor must be numbers of a device")
            return nil
        }
        guard device.path.hasPrefix("/") else {
            refusals.invalid("\(member).path", "must be absolute")
            return nil
        }
        return DeviceNode(
            path: CleanPath.absolute(device.path), kind: kind, major: major, minor: minor,
            mode: (device.fileMode ?? 0o666) & 0o7777, owner: device.uid ?? 0, group: device.gid ?? 0,
            bindsFromHost: bindsFromHost && kind != .fifo)
    }
}
