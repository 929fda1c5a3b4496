public import LineProtocol
internal import LinuxKernel
internal import Logging

extension Container {
    /// Stops the container, if it runs, and starts it. Once begun it is finished, by the next supervisor if need be.
    public func restart(timeout: Int?, signal: String?) async throws(ProtocolFailure) {
        let number = try stopSignal(signal)
        if try await beginRestart() { try await endAndStart(by: number, within: timeout) }
        await announce("restart")
    }

    private func endAndStart(by signal: Int32, within timeout: Int?) async throws(ProtocolFailure) {
        restarting += 1
        defer { restarting -= 1 }
        try await end(by: signal, within: timeout)
        let isStarted = try await startWhenDue()
        guard isStarted || record.lifecycle.isRunning else { throw notRestarted }
    }

    private var notRestarted: ProtocolFailure {
        let error = record.lifecycle.error
        let reason = error.isEmpty ? "somebody else has stopped it meanwhile" : error
        return ProtocolFailure(.wrongState, "Cannot restart container \(record.name): \(reason)")
    }

    /// Whether it has to be stopped first: otherwise it is started.
    private func beginRestart() async throws(ProtocolFailure) -> Bool {
        await gate.enter()
        defer { gate.leave() }
        let actions = try await happen(.restartRequested)
        if actions.contains(.launch) { _ = try await launchOrUndo(attach: nil, size: nil) }
        return actions.contains(.stop)
    }

    /// Starts the container that has ended in order to be started again; false when somebody else has done so, or has
    /// stopped it.
    private func startWhenDue() async throws(ProtocolFailure) -> Bool {
        await gate.enter()
        defer { gate.leave() }
        guard try await happen(.restartDue).contains(.launch) else { return false }
        _ = try await launchOrUndo(attach: nil, size: nil)
        return true
    }

    /// Waits, beside everything else, for the container's turn.
    func restartLater() {
        guard restarting == 0 else { return }
        let due = record.lifecycle.due
        restarter?.cancel()
        restarter = Task {
            let now = Timestamp.now
            if let due, due > now { try? await Task.sleep(nanoseconds: due.nanoseconds - now.nanoseconds) }
            await self.registry.passStarts(of: self.record.specification.joinedContainers)
            guard !Task.isCancelled, self.record.lifecycle.due == due else { return }
            // Why it cannot be started is in the log, and in its record.
            _ = try? await self.startWhenDue()
        }
    }
}
