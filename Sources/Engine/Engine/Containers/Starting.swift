internal import BlockingThreads
internal import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import Logging

extension Container {
    /// Starts the container, attached from its first byte when asked. One that runs already is only attached to.
    public func start(attach: AttachRequest?, size: WindowSize?) async throws(ProtocolFailure) -> RelayedStreams {
        await gate.enter()
        defer { gate.leave() }
        guard try await happen(.startRequested).contains(.launch) else {
            guard let attach else { return RelayedStreams() }
            return try await self.attach(attach)
        }
        return try await launchOrUndo(attach: attach, size: size)
    }

    /// Launches the container that is starting; the gate is held. If that fails it is as it was before.
    func launchOrUndo(attach: AttachRequest?, size: WindowSize?) async throws(ProtocolFailure) -> RelayedStreams {
        do throws(ProtocolFailure) {
            return try await launch(attach: attach, size: size)
        } catch {
            services.log.error("container \(record.shortID) (\(record.name)): cannot be started: \(error.message)")
            _ = try? await happen(.startFailed(exitCode: Self.exitCode(for: error), error: error.message))
            if record.specification.removeOnExit { try? await removeNow(volumes: true) }
            throw error
        }
    }

    private func launch(attach: AttachRequest?, size: WindowSize?) async throws(ProtocolFailure) -> RelayedStreams {
        let joined = try await registry.joined(by: record)
        let bundle = Bundle(
            container: record, paths: paths, machine: services.machine, joined: joined, snapshots: services.snapshots)
        try await services.threads.run { () throws(ProtocolFailure) in try bundle.make() }
        let pid = try await ShimLauncher(services: services, container: record, paths: paths).launch()
        let shim = try await ShimConnection(to: paths.socket, services)
        self.shim = shim
        if attach != nil { await announce("attach") }
        let answer = try await shim.call(ShimStart.self, ShimStart.Parameters(attach: attach, size: size))
        _ = try await happen(.started(pid: pid, at: answer.value.started))
        watchEnd(of: shim)
        return RelayedStreams(answer.value.streams, answer.descriptors)
    }

    /// docker's exit codes for what never ran.
    static func exitCode(for failure: ProtocolFailure) -> Int32 {
        switch failure.kind {
        case .executableNotFound: 127
        case .permissionDenied: 126
        default: 128
        }
    }
}
