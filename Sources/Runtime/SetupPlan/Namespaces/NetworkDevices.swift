internal import LinuxKernel
internal import RuntimeSpec

/// A device of the host's that moves into the container: config-linux.md, "Network Devices".
public struct NetworkDeviceMove: Hashable, Sendable {
    /// On the host.
    public let name: String
    /// In the container.
    public let newName: String
    /// The kernel puts a number in the place of `%d`.
    public var isTemplate: Bool { newName.contains("%d") }
}

enum NetworkDevicePlanning {
    /// In the order of their names.
    static func moves(_ linux: Linux, _ namespaces: NamespacePlan, _ refusals: inout Refusals) -> [NetworkDeviceMove] {
        let devices = linux.netDevices ?? [:]
        if devices.isEmpty { return [] }
        if !namespaces.has(.network) {
            refusals.invalid("linux.netDevices", "needs a network namespace in linux.namespaces")
        }
        var taken: Set<String> = []
        return devices.sorted { $0.key < $1.key }.map { name, device in
            let newName = device.name.flatMap { $0.isEmpty ? nil : $0 } ?? name
            let move = NetworkDeviceMove(name: name, newName: newName)
            for name in Set([name, newName]) where !isDeviceName(name) {
                refusals.invalid("linux.netDevices", "invalid network device name \"\(name)\"")
            }
            if !move.isTemplate, !taken.insert(newName).inserted {
                refusals.invalid("linux.netDevices", "a second device is to be named \(newName)")
            }
            return move
        }
    }

    /// What the kernel takes for one: at most 15 bytes.
    private static func isDeviceName(_ name: String) -> Bool {
        let forbidden: Set<Character> = ["/", ":", " ", "\t", "\n", "\r", "\r\n", "\u{0b}", "\u{0c}"]
        return (1...15).contains(name.utf8.count) && name != "." && name != ".."
            && !name.contains(where: forbidden.contains)
    }
}
