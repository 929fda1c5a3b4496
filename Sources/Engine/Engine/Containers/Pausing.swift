internal import LineConnections
public import LineProtocol

extension Container {
    /// Stops all processes of the running container, where they are.
    public func pause() async throws(ProtocolFailure) {
        await gate.enter()
        defer { gate.leave() }
        guard try await happen(.pauseRequested).contains(.pause) else { return }
        try await askShim(ShimPause.self, to: "pause")
        _ = try await happen(.paused)
    }

    /// Lets the processes of the paused container go on.
    public func unpause() async throws(ProtocolFailure) {
        await gate.enter()
        defer { gate.leave() }
        try await unpauseNow()
    }

    /// A signal that ends a process reaches one that is paused only when it goes on.
    func unpauseToEnd() async throws(ProtocolFailure) {
        await gate.enter()
        defer { gate.leave() }
        guard record.lifecycle.phase == .paused else { return }
        do throws(ProtocolFailure) { try await unpauseNow() } catch {
            // On cgroup v2 SIGKILL ends even what is frozen: then nothing is left to go on.
            guard await hasEnded() else { throw error }
        }
    }

    /// Whether its process has, as the shim knows before we do; without a shim there is none.
    private func hasEnded() async -> Bool {
        guard let shim, let state = try? await shim.call(ShimState.self, Nothing()).value else { return true }
        return state.exit != nil
    }

    private func unpauseNow() async throws(ProtocolFailure) {
        guard try await happen(.unpauseRequested).contains(.unpause) else { return }
        try await askShim(ShimResume.self, to: "unpause")
        _ = try await happen(.unpaused)
    }

    private func askShim<Method: LineMethod>(_ method: Method.Type, to verb: String) async throws(ProtocolFailure)
    where Method.Parameters == Nothing {
        let shim = try runningShim()
        do { _ = try await shim.call(method, Nothing()) } catch {
            throw ProtocolFailure(error.kind, "Cannot \(verb) container \(record.name): \(error.message)")
        }
    }

    /// What shims know of pauses counts: the last supervisor may have been killed before it wrote down what it did.
    func takeUpPause(_ isPaused: Bool) async throws(ProtocolFailure) {
        _ = try await happen(isPaused ? .paused : .unpaused)
    }
}
