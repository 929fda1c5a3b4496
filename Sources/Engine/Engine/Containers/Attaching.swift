internal import LineConnections
public import LineProtocol

extension Container {
    /// Attaches to the streams of the running container.
    public func attach(_ request: AttachRequest) async throws(ProtocolFailure) -> RelayedStreams {
        guard record.lifecycle.isRunning else {
            throw ProtocolFailure(.wrongState, "You cannot attach to a stopped container, start it first")
        }
        let answer = try await runningShim().call(ShimAttach.self, request)
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
