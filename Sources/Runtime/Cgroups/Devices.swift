internal import LinuxKernel
internal import RuntimeSpec

extension DevicePolicy {
    /// What `linux.resources.devices` allow, each rule after the other on the ground of "nothing", and after them what
    /// every container may use: config-linux.md, "Allowed Device list".
    init(_ resources: Resources) throws(CgroupError) {
        self.init()
        for (index, device) in (resources.devices ?? []).enumerated() {
            try apply(Self.rule(device, index: index))
        }
        for rule in Self.always { try apply(rule) }
    }

    private static func rule(_ device: DeviceRule, index: Int) throws(CgroupError) -> DeviceLine {
        guard let letters = device.access, !letters.isEmpty else {
            throw CgroupError(.invalid, "device access at \(index) field cannot be empty")
        }
        // Other letters name nothing that could be allowed or denied; runc lets them pass.
        guard let access = DeviceAccess(letters.filter("rwm".contains)) else {
            throw CgroupError(.invalid, "device access \"\(letters)\" at \(index) has none of r, w and m")
        }
        let kind: DeviceMatch.Kind
        switch device.type ?? "a" {
        case "", "a": return DeviceLine(match: nil, access: .all, allow: device.allow)
        case "b": kind = .block
        case "c", "u": kind = .character
        case let other: throw CgroupError(.invalid, "invalid cgroup device type \"\(other)\"")
        }
        let match = DeviceMatch(
            kind: kind, major: try number(device.major), minor: try number(device.minor))
        return DeviceLine(match: match, access: access, allow: device.allow)
    }

    /// A number that is absent, or -1, stands for all.
    private static func number(_ value: Int64?) throws(CgroupError) -> UInt32? {
        guard let value, value != -1 else { return nil }
        guard let number = UInt32(exactly: value) else {
            throw CgroupError(.invalid, "invalid device number \(value): it must lie between 0 and \(UInt32.max)")
        }
        return number
    }
}

/// Documentation/admin-guide/cgroup-v1/devices.rst.
enum LegacyDevices {
    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        let target = try DevicePolicy(resources)
        let current = try DevicePolicy(list: directory.read("devices.list"))
        for rule in current.transition(to: target) {
            try directory.write(rule.allow ? "devices.allow" : "devices.deny", rule.text)
        }
        let result = try DevicePolicy(list: directory.read("devices.list"))
        // An ancestor's rules can keep ours from taking effect. What a cgroup denies by exception is not listed.
        let isExact = target.allowsByDefault ? result.allowsByDefault : result == target
        guard !isExact else { return }
        throw CgroupError(
            .state,
            "resulting devices cgroup doesn't match what was asked for: a cgroup above \(directory.path) allows less")
    }
}

/// cgroup-v2.rst, "Device controller": a BPF program.
enum UnifiedDevices {
    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        let filter = DeviceFilter(try DevicePolicy(resources))
        do {
            let program = try DeviceProgram(loading: filter.instructions)
            try program.replaceAll(on: directory.handle.descriptor)
        } catch {
            throw CgroupError("cannot restrict the devices of cgroup \(directory.path)", error)
        }
    }
}
