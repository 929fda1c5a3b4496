internal import BlockingThreads
public import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec

extension Container {
    /// Changes the container's limits: at once if it runs, through its shim and the runtime, and for its next start.
    public func update(_ changes: ContainerResources) async throws(ProtocolFailure) {
        await gate.enter()
        defer { gate.leave() }
        let rules = ResourceRules(services.machine)
        let resources = record.resources.updated(by: changes)
        try rules.check(resources)
        let numbers = try await services.threads.run { () throws(ProtocolFailure) in
            try DeviceNumbers(of: resources)
        }
        if record.lifecycle.isRunning {
            let limits = rules.resources(resources, numbers)
            _ = try await runningShim().call(ShimUpdate.self, ShimUpdate.Parameters(resources: limits))
        }
        record.updatedResources = resources
        try await services.store.updateRecord(of: record)
        await announce("update")
    }
}
