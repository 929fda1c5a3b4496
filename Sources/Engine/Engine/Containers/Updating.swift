internal import BlockingThreads
public import LineProtocol
internal import LinuxKernel
internal import Logging
internal import RuntimeSpec

extension Container {
    /// Changes the container's limits: at once if it runs, through its shim and the runtime, and for its next start;
    /// and its restart policy. All of it or nothing.
    public func update(_ changes: ContainerUpdate.Parameters) async throws(ProtocolFailure) {
        await gate.enter()
        defer { gate.leave() }
        let changed = try record.updated(by: changes, on: services.machine)
        if changes.resources != ContainerResources() { try await change(to: changed.resources) }
        try await keep(changed)
        await announce("update")
    }

    /// What is about to change is on the books first: a supervisor that is killed now leaves it to the next one.
    private func change(to resources: ContainerResources) async throws(ProtocolFailure) {
        let limits = try await limits(resources)
        guard record.lifecycle.isRunning else { return }
        let shim = try runningShim()
        record.pendingResources = resources
        try await services.store.updateRecord(of: record)
        do throws(ProtocolFailure) {
            _ = try await shim.call(ShimUpdate.self, ShimUpdate.Parameters(resources: limits))
        } catch {
            try await forgetPending()
            throw error
        }
    }

    private func limits(_ resources: ContainerResources) async throws(ProtocolFailure) -> Resources {
        let numbers = try await services.threads.run { () throws(ProtocolFailure) in
            try DeviceNumbers(of: resources)
        }
        return ResourceRules(services.machine).resources(resources, numbers)
    }

    /// The lifecycle, and the name, may have gone on meanwhile.
    private func keep(_ changed: ContainerRecord) async throws(ProtocolFailure) {
        (record.updatedResources, record.updatedRestart) = (changed.updatedResources, changed.updatedRestart)
        try await forgetPending()
    }

    private func forgetPending() async throws(ProtocolFailure) {
        record.pendingResources = nil
        try await services.store.updateRecord(of: record)
    }

    /// Finishes an update that the last supervisor had begun; what cannot be done any more is undone.
    func takeUpUpdate() async throws(ProtocolFailure) {
        guard let resources = record.pendingResources else { return }
        let what = "container \(record.shortID) (\(record.name)): update was interrupted"
        do throws(ProtocolFailure) {
            try await give(resources)
            record.updatedResources = resources
            services.log.notice("\(what): finished")
        } catch {
            services.log.error("\(what), and cannot be finished: undone: \(error.message)")
            try? await give(record.resources)
        }
        try await forgetPending()
    }

    private func give(_ resources: ContainerResources) async throws(ProtocolFailure) {
        guard let shim, record.lifecycle.isRunning else { return }
        let limits = try await limits(resources)
        _ = try await shim.call(ShimUpdate.self, ShimUpdate.Parameters(resources: limits))
    }
}

extension ContainerRecord {
    /// This container as `changes` want it; refuses what does not go together. Pure.
    func updated(by changes: ContainerUpdate.Parameters, on machine: Machine) throws(ProtocolFailure) -> ContainerRecord
    {
        var changed = self
        if changes.resources != ContainerResources() {
            let resources = resources.updated(by: changes.resources)
            try ResourceRules(machine).check(resources)
            changed.updatedResources = resources
        }
        guard let policy = changes.restart else { return changed }
        try policy.validate()
        guard !specification.removeOnExit || !policy.isActive else {
            throw ProtocolFailure(
                .wrongState,
                "Restart policy cannot be updated because AutoRemove is enabled for the container \(name)")
        }
        changed.updatedRestart = policy
        return changed
    }
}
