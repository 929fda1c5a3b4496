/// Device rules as systemd's `DevicePolicy` and `DeviceAllow`: systemd.resource-control(5). What it cannot express is
/// left out here; the rules themselves are set in the cgroup after it.
enum SystemdDevices {
    static func properties(_ policy: DevicePolicy) -> [SystemdProperty] {
        // An empty list clears what there was; a list that is not empty is added.
        let cleared = SystemdProperty("DeviceAllow", .array(of: "(ss)", []))
        // systemd cannot deny by exception: it leaves devices alone, and the cgroup has the rules.
        if policy.allowsByDefault { return [cleared, SystemdProperty("DevicePolicy", .string("auto"))] }
        let entries = policy.rules.compactMap { rule in
            rule.match.flatMap(node).map { BusValue.structure([.string($0), .string(rule.access.letters)]) }
        }
        return [
            cleared, SystemdProperty("DevicePolicy", .string("strict")),
            SystemdProperty("DeviceAllow", .array(of: "(ss)", entries)),
        ]
    }

    /// Nil for all majors of one minor, which systemd has no word for.
    private static func node(_ match: DeviceMatch) -> String? {
        let kind = match.kind == .block ? "block" : "char"
        switch (match.major, match.minor) {
        case (nil, nil): return kind + "-*"
        case (nil, _?): return nil
        case (let major?, nil): return "\(kind)-\(major)"
        case (let major?, let minor?): return "/dev/\(kind)/\(major):\(minor)"
        }
    }
}
