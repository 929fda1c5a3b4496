internal import LineProtocol

/// The capabilities that docker leaves to a container's root.
let defaultCapabilities = [
    "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
    "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
]

/// docker's rules for `--cap-add` and `--cap-drop`. Pure.
struct CapabilityRules {
    /// What the supervisor has itself, and so can give: what `ALL` means.
    let grantable: [String]
    private static let all = "ALL"

    init(_ machine: Machine) { grantable = machine.capabilities }

    /// What a container gets. What is both dropped and added is added, but for `ALL`, which the other one restricts.
    func capabilities(_ security: ContainerSecurity) throws(ProtocolFailure) -> [String] {
        let added = try names(security.addedCapabilities, "--cap-add")
        let dropped = try names(security.droppedCapabilities, "--cap-drop")
        if security.privileged { return grantable }
        if added.contains(Self.all) { return grantable.filter { !dropped.contains($0) } }
        if dropped.contains(Self.all) { return added }
        return (defaultCapabilities.filter { !dropped.contains($0) } + added).uniqued()
    }

    private func names(_ texts: [String], _ option: String) throws(ProtocolFailure) -> [String] {
        var names: [String] = []
        for text in texts { names.append(try name(text, option)) }
        return names.uniqued()
    }

    /// `net_admin` is `CAP_NET_ADMIN`.
    private func name(_ text: String, _ option: String) throws(ProtocolFailure) -> String {
        let upper = text.uppercased()
        if upper == Self.all { return upper }
        let name = upper.hasPrefix("CAP_") ? upper : "CAP_" + upper
        guard Machine.knownCapabilities.contains(name) else {
            throw ProtocolFailure(.invalidArgument, "\(option): unknown capability: \"\(text)\"")
        }
        // What is not there is dropped already.
        guard option == "--cap-drop" || grantable.contains(name) else {
            throw ProtocolFailure(
                .notSupported, "\(option): the kernel, or wherryd itself, has not the capability \(name)")
        }
        return name
    }
}
