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
        if record.lifecycle.phase == .paused { try await unpauseNow() }
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
