internal import LineProtocol

/// What docker's `--security-opt` says. Pure.
struct SecurityOptions: Sendable, Hashable {
    enum SystemCallFilter: Sendable, Hashable {
        case builtin, unconfined
        case profile(SeccompProfile)
    }

    private(set) var filter: SystemCallFilter?
    private(set) var noNewPrivileges = false
    /// Nil: none was named.
    private(set) var appArmorProfile: String?
    private(set) var unmasksSystemPaths = false
    /// Nil: as the container is privileged or not.
    private(set) var writableCgroups: Bool?

    init(_ options: [String], _ machine: Machine) throws(ProtocolFailure) {
        for option in options { try apply(option, machine) }
    }

    /// `key=value`; docker's older `key:value` too.
    private mutating func apply(_ option: String, _ machine: Machine) throws(ProtocolFailure) {
        let separator: Character = option.contains("=") ? "=" : ":"
        let parts = option.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count > 1 ? parts[1] : nil
        switch (parts[0], value) {
        case ("seccomp", "unconfined"?): filter = .unconfined
        case ("seccomp", "builtin"?): filter = .builtin
        case ("seccomp", let profile?): filter = .profile(try SeccompProfile(json: profile))
        case ("no-new-privileges", _): noNewPrivileges = try truth(value, option)
        case ("writable-cgroups", _): writableCgroups = try truth(value, option)
        case ("systempaths", "unconfined"?): unmasksSystemPaths = true
        case ("apparmor", let profile?): appArmorProfile = try appArmor(profile, machine)
        case ("label", "disable"?), ("disable", nil): break  // No container is labelled.
        case ("label", _):
            throw ProtocolFailure(.notSupported, "--security-opt \(option): labels of SELinux are not supported")
        default: throw ProtocolFailure(.invalidArgument, "invalid --security-opt: \"\(option)\"")
        }
    }

    private func truth(_ value: String?, _ option: String) throws(ProtocolFailure) -> Bool {
        switch value {
        case nil, "true"?, "1"?: return true
        case "false"?, "0"?: return false
        default: throw ProtocolFailure(.invalidArgument, "invalid --security-opt: \"\(option)\": true or false")
        }
    }

    private func appArmor(_ profile: String, _ machine: Machine) throws(ProtocolFailure) -> String? {
        guard machine.hasAppArmor || profile == "unconfined" else {
            throw ProtocolFailure(
                .notSupported, "--security-opt apparmor=\(profile): AppArmor is not enabled in this kernel")
        }
        guard !profile.isEmpty else {
            throw ProtocolFailure(.invalidArgument, "invalid --security-opt: \"apparmor=\": the profile is missing")
        }
        return machine.hasAppArmor ? profile : nil
    }
}
