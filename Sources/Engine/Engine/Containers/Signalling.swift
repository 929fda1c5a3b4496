public import LineProtocol
internal import LinuxKernel

extension Container {
    /// Sends a signal, by name or number, to the container's process.
    public func kill(signal: String) async throws(ProtocolFailure) {
        guard record.lifecycle.isRunning else {
            throw ProtocolFailure(.wrongState, "Cannot kill container: \(record.name): Container \(id) is not running")
        }
        try await send(try number(of: signal))
    }

    private func number(of signal: String) throws(ProtocolFailure) -> Int32 {
        guard let number = Signal.number(named: signal) else {
            throw ProtocolFailure(.invalidArgument, "Invalid signal: \(signal)")
        }
        return number
    }

    private func send(_ signal: Int32) async throws(ProtocolFailure) {
        _ = try await runningShim().call(ShimSignal.self, ShimSignal.Parameters(signal: signal))
        await announce("kill", ["signal": "\(signal)"])
    }

    /// Sends the stop signal, waits for the timeout, and kills what still runs then. A container that does not run
    /// is stopped already.
    public func stop(timeout: Int?, signal: String?) async throws(ProtocolFailure) {
        guard record.lifecycle.isRunning else { return }
        let signal = try number(of: signal ?? record.configuration.stopSignal ?? "TERM")
        let seconds = timeout ?? record.configuration.stopTimeout ?? 10
        do throws(ProtocolFailure) {
            try await send(signal)
            if await !ends(within: seconds) {
                try await send(Signal.kill)
                _ = try await wait(.notRunning)
            }
        } catch {
            // It ended between the question and the signal.
            if record.lifecycle.isRunning { throw error }
        }
        await announce("stop")
    }

    /// Negative: as long as it takes.
    private func ends(within seconds: Int) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await self.wait(.notRunning)) != nil }
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
