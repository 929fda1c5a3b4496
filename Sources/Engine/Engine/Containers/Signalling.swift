public import LineProtocol
internal import LinuxKernel

extension Container {
    /// Sends a signal, by name or number, to the container's process. One that asks it to end is also a stop: it does
    /// not come back by itself, and a pause is over.
    public func kill(signal: String) async throws(ProtocolFailure) {
        let number = try number(of: signal)
        let stopSignal = try stopSignal(nil)
        let ends = number == Signal.kill || number == stopSignal
        await passStart()
        let wasRestarting = record.lifecycle.phase == .restarting
        if ends { _ = try await happen(.stopRequested) }
        if ends, wasRestarting { return }
        guard record.lifecycle.isRunning else {
            throw ProtocolFailure(.wrongState, "Cannot kill container: \(record.name): Container \(id) is not running")
        }
        try await send(number)
        if ends { try await unpauseToEnd() }
    }

    private func number(of signal: String) throws(ProtocolFailure) -> Int32 {
        guard let number = Signal.number(named: signal) else {
            throw ProtocolFailure(.invalidArgument, "Invalid signal: \(signal)")
        }
        return number
    }

    func stopSignal(_ wanted: String?) throws(ProtocolFailure) -> Int32 {
        try number(of: wanted ?? record.configuration.stopSignal ?? "TERM")
    }

    /// Waits until a start that is under way has succeeded or not: what is begun cannot be stopped, what runs can.
    private func passStart() async {
        guard record.lifecycle.phase == .starting else { return }
        await gate.enter()
        gate.leave()
    }

    private func send(_ signal: Int32) async throws(ProtocolFailure) {
        _ = try await runningShim().call(ShimSignal.self, ShimSignal.Parameters(signal: signal))
        await announce("kill", ["signal": "\(signal)"])
    }
}

// MARK: Stopping

extension Container {
    /// Sends the stop signal, waits for the timeout, and kills what still runs then. A container that does not run
    /// is stopped already.
    public func stop(timeout: Int?, signal: String?) async throws(ProtocolFailure) {
        let number = try stopSignal(signal)
        await passStart()
        guard record.lifecycle.isUp else { return }
        _ = try await happen(.stopRequested)
        try await end(by: number, within: timeout)
    }

    func end(by signal: Int32, within timeout: Int?) async throws(ProtocolFailure) {
        do throws(ProtocolFailure) {
            if record.lifecycle.isRunning {
                try await send(signal)
                try await unpauseToEnd()
                if await !ends(within: timeout ?? record.configuration.stopTimeout ?? 10) {
                    try await send(Signal.kill)
                    _ = try await waitForEnd()
                }
            }
        } catch {
            // It ended between the question and the signal.
            if record.lifecycle.isRunning { throw error }
        }
        // Its end is told first, and all that follows from it.
        await gate.enter()
        gate.leave()
        await announce("stop")
    }

    /// Negative: as long as it takes.
    private func ends(within seconds: Int) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await self.waitForEnd()) != nil }
            if seconds >= 0 {
                group.addTask {
                    try? await Task.sleep(for: .seconds(seconds))
                    return false
                }
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}
