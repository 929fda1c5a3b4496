internal import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec

/// What a container has of those whose namespaces it joins.
struct JoinedContainers: Sendable, Hashable {
    /// Of the namespaces, below /proc.
    var paths: [NamespaceType: String] = [:]
    /// The directory that is their `/dev/shm`.
    var sharedMemory: String?
    /// Where the files are that name the host: with a network come its names.
    var identity: ContainerPaths?
}

extension Containers {
    /// The same, with IDs for the names of other containers: they may be renamed.
    func resolved(_ wanted: ContainerSpecification) throws(ProtocolFailure) -> ContainerSpecification {
        var wanted = wanted
        wanted.namespaces.pid = try resolved(wanted.namespaces.pid)
        wanted.namespaces.ipc = try resolved(wanted.namespaces.ipc)
        if case .container(let name) = wanted.network { wanted.network = .container(try find(name).id) }
        return wanted
    }

    private func resolved(_ mode: String?) throws(ProtocolFailure) -> String? {
        guard let mode, let name = ContainerReference.name(in: mode) else { return mode }
        return ContainerReference.prefix + (try find(name).id)
    }

    /// The host name that comes with a network that is not the container's own.
    func networkName(_ wanted: ContainerSpecification) async throws(ProtocolFailure) -> String {
        guard case .container(let name) = wanted.network else { return services.machine.hostname }
        return await (try find(name)).record.configuration.hostname
    }

    /// What `container` joins, of containers that run.
    func joined(by container: ContainerRecord) async throws(ProtocolFailure) -> JoinedContainers {
        let modes = try NamespaceModes(container.specification, services.machine)
        var joined = JoinedContainers()
        for (type, owner) in [(NamespaceType.pid, modes.pid), (.ipc, modes.ipc), (.network, modes.network)] {
            guard case .container(let id) = owner else { continue }
            let other = try find(id)
            joined.paths[type] = try await other.namespace(type)
            if type == .ipc { joined.sharedMemory = try await other.sharedMemory() }
            if type == .network { joined.identity = try await identity(of: other) }
        }
        return joined
    }

    /// Waits until none of these is about to start by itself: each runs then, or will not.
    func passStarts(of ids: [String]) async {
        for id in ids { await (try? find(id))?.passReturn() }
    }

    /// A container that has another's network has its names as well.
    private func identity(of container: Container) async throws(ProtocolFailure) -> ContainerPaths {
        guard case .container(let id) = await container.record.specification.network else {
            return services.layout.container(container.id)
        }
        return try await identity(of: try find(id))
    }
}

extension Container {
    private static var files: [NamespaceType: String] { [.network: "net", .pid: "pid", .ipc: "ipc"] }

    /// Where others find its namespace as long as it runs.
    fileprivate func namespace(_ type: NamespaceType) throws(ProtocolFailure) -> String {
        let file = Self.files[type] ?? type.rawValue
        guard record.lifecycle.isRunning, record.lifecycle.pid > 0 else {
            throw ProtocolFailure(
                .wrongState, "cannot join the \(type.rawValue) namespace of a non running container: \(record.name)")
        }
        return "/proc/\(record.lifecycle.pid)/ns/\(file)"
    }

    /// Only of those that were made to share it.
    fileprivate func sharedMemory() throws(ProtocolFailure) -> String {
        let modes = try NamespaceModes(record.specification, services.machine)
        if modes.ipc == .host { return "/dev/shm" }
        guard modes.sharesMemory else {
            throw ProtocolFailure(
                .wrongState,
                "cannot join IPC of container \(record.name): non-shareable IPC (hint: make it with --ipc shareable)")
        }
        return paths.sharedMemory
    }
}
