internal import LineProtocol
internal import RuntimeSpec

/// Which devices a container may use. Pure.
enum DeviceRules {
    /// Deny all, but: zero, null, urandom, random, tty, console, pseudo terminals, and mknod of anything.
    static let standard: [DeviceRule] = [
        DeviceRule(allow: false, access: "rwm"),
        DeviceRule(allow: true, type: "c", access: "m"),
        DeviceRule(allow: true, type: "b", access: "m"),
        DeviceRule(allow: true, type: "c", major: 1, minor: 3, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 1, minor: 5, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 1, minor: 7, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 1, minor: 8, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 1, minor: 9, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 5, minor: 0, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 5, minor: 1, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 5, minor: 2, access: "rwm"),
        DeviceRule(allow: true, type: "c", major: 136, access: "rwm"),
    ]

    /// The rules of a container with these devices of the host.
    static func rules(_ security: ContainerSecurity, devices: [HostDevice]) throws(ProtocolFailure) -> [DeviceRule] {
        var added: [DeviceRule] = []
        for text in security.deviceRules { added.append(try rule(text)) }
        if security.privileged { return [DeviceRule(allow: true, access: "rwm")] }
        return standard + devices.map(\.rule) + added
    }

    /// The letters of `--device`, each once.
    static func checkAccess(_ device: ContainerSecurity.Device) throws(ProtocolFailure) {
        guard isAccess(device.access) else {
            throw ProtocolFailure(
                .invalidArgument, "--device \(device.source): invalid mode '\(device.access)': letters of rwm")
        }
        for path in [device.source, device.target] where !path.hasPrefix("/") || path.utf8.contains(0) {
            throw ProtocolFailure(.invalidArgument, "--device \(device.source): '\(path)' is not an absolute path")
        }
    }

    private static func isAccess(_ text: String) -> Bool {
        !text.isEmpty && Set(text).count == text.count && Set(text).isSubset(of: ["r", "w", "m"])
    }

    /// `TYPE MAJOR:MINOR ACCESS`; a star is all.
    private static func rule(_ text: String) throws(ProtocolFailure) -> DeviceRule {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, ["a", "b", "c"].contains(words[0]), isAccess(words[2]) else { throw malformed(text) }
        let numbers = words[1].split(separator: ":", omittingEmptySubsequences: false)
        guard numbers.count == 2 else { throw malformed(text) }
        return DeviceRule(
            allow: true, type: words[0], major: try number(numbers[0], text), minor: try number(numbers[1], text),
            access: words[2])
    }

    private static func number(_ digits: Substring, _ text: String) throws(ProtocolFailure) -> Int64? {
        if digits == "*" { return nil }
        guard let number = UInt32(digits), digits.first != "+" else { throw malformed(text) }
        return Int64(number)
    }

    private static func malformed(_ text: String) -> ProtocolFailure {
        ProtocolFailure(
            .invalidArgument, "--device-cgroup-rule: invalid device cgroup format '\(text)': it must be as 'c 1:3 rwm'")
    }
}
