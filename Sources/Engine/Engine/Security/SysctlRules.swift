internal import LineProtocol

/// Which kernel parameters a container may have of its own: those of its namespaces. Pure.
struct SysctlRules {
    private static let ipc: Set<String> = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ]
    /// Programs in a network of their own may listen below 1024 and ping without a capability.
    private static let standard = [
        "net.ipv4.ip_unprivileged_port_start": "0", "net.ipv4.ping_group_range": "0 2147483647",
    ]

    let hasNetworkOfItsOwn: Bool
    let hasIPCOfItsOwn: Bool

    init(_ modes: NamespaceModes) {
        hasNetworkOfItsOwn = modes.network == .own
        hasIPCOfItsOwn = modes.ipc == .own
    }

    func parameters(_ wanted: [String: String]) throws(ProtocolFailure) -> [String: String]? {
        for name in wanted.keys.sorted() { try check(name) }
        let parameters = (hasNetworkOfItsOwn ? Self.standard : [:]).merging(wanted) { $1 }
        return parameters.isEmpty ? nil : parameters
    }

    private func check(_ name: String) throws(ProtocolFailure) {
        switch name {
        case _ where name.hasPrefix("net."):
            guard hasNetworkOfItsOwn else { throw Self.refusal(name, "the container has no network of its own") }
        case _ where Self.ipc.contains(name) || name.hasPrefix("fs.mqueue."):
            guard hasIPCOfItsOwn else { throw Self.refusal(name, "the container has no IPC namespace of its own") }
        default: throw Self.refusal(name, "it belongs to no namespace and would change the host")
        }
    }

    private static func refusal(_ name: String, _ reason: String) -> ProtocolFailure {
        ProtocolFailure(.invalidArgument, "--sysctl: '\(name)' is not allowed: \(reason)")
    }
}
