internal import LineProtocol
internal import RuntimeSpec

/// Whose namespaces a container has: docker's words understood, or refused by name. Pure.
struct NamespaceModes: Sendable, Hashable {
    enum Owner: Sendable, Hashable {
        case own, host
        /// Another container's, by its ID once it was made.
        case container(String)
    }

    let network: Owner
    let pid: Owner
    let ipc: Owner
    /// Whether other containers may join the IPC namespace, and the shared memory with it.
    let sharesMemory: Bool
    /// `--ipc none`: no `/dev/shm`.
    let hasSharedMemory: Bool
    let hasHostNameOfHost: Bool
    let hasCgroupNamespace: Bool

    init(_ wanted: ContainerSpecification, _ machine: Machine) throws(ProtocolFailure) {
        let modes = wanted.namespaces
        switch wanted.network {
        case .host: network = .host
        case .none: network = .own
        case .container(let name): network = .container(name)
        }
        pid = try Self.owner(modes.pid, "--pid")
        ipc = try Self.owner(modes.ipc, "--ipc", ["private", "shareable", "none"])
        sharesMemory = modes.ipc == "shareable"
        hasSharedMemory = modes.ipc != "none"
        hasHostNameOfHost = try Self.owner(modes.uts, "--uts", joins: false) == .host
        guard ["", "host"].contains(modes.user ?? "") else { throw Self.refusal("--userns", modes.user ?? "") }
        let cgroup = try Self.owner(modes.cgroup, "--cgroupns", ["private"], joins: false)
        hasCgroupNamespace = cgroup == .own && ((modes.cgroup ?? "").isEmpty ? machine.cgroups == .v2 : true)
        if wanted.hostname != nil { try checkHostname() }
    }

    private static func owner(_ mode: String?, _ option: String, _ words: Set<String> = [], joins: Bool = true)
        throws(ProtocolFailure) -> Owner
    {
        let mode = mode ?? ""
        if mode.isEmpty || words.contains(mode) { return .own }
        if mode == "host" { return .host }
        guard joins, let name = ContainerReference.name(in: mode) else { throw refusal(option, mode) }
        return .container(name)
    }

    private static func refusal(_ option: String, _ mode: String) -> ProtocolFailure {
        ProtocolFailure(.invalidArgument, "\(option): invalid mode: '\(mode)'")
    }

    private func checkHostname() throws(ProtocolFailure) {
        if case .container = network {
            throw ProtocolFailure(.invalidArgument, "conflicting options: hostname and the network mode")
        }
        guard !hasHostNameOfHost else {
            throw ProtocolFailure(.invalidArgument, "conflicting options: hostname and the UTS mode")
        }
    }

    /// The namespaces of the configuration. `paths` are those of the containers that are joined.
    func namespaces(joining paths: [NamespaceType: String]) -> [Namespace] {
        var namespaces = [Namespace(type: .mount)]
        for (type, owner) in [(NamespaceType.pid, pid), (.ipc, ipc), (.network, network)] where owner != .host {
            namespaces.append(Namespace(type: type, path: owner == .own ? nil : paths[type]))
        }
        if !hasHostNameOfHost { namespaces.append(Namespace(type: .uts)) }
        if hasCgroupNamespace { namespaces.append(Namespace(type: .cgroup)) }
        return namespaces
    }
}
