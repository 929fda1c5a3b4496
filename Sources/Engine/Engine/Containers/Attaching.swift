internal import LineConnections
public import LineProtocol

extension Container {
    /// Attaches to the streams of the running container.
    public func attach(_ request: AttachRequest) async throws(ProtocolFailure) -> RelayedStreams {
        if record.lifecycle.phase == .restarting { throw ContainerLifecycle.isRestarting(record.name) }
        guard record.lifecycle.isRunning else {
            throw ProtocolFailure(.wrongState, "You cannot attach to a stopped container, start it first")
        }
        let answer = try await unpausedShim("attach").call(ShimAttach.self, request)
        await announce("attach")
        return RelayedStreams(answer.value, answer.descriptors)
    }

    /// Sets the size of the container's terminal, or of an exec's.
    public func resize(exec: String?, to size: WindowSize) async throws(ProtocolFailure) {
        _ = try await runningShim().call(ShimResize.self, ShimResize.Parameters(exec: exec, size: size))
        let attributes = ["height": "\(size.rows)", "width": "\(size.columns)"]
        await announce("resize", attributes)
    }
}
