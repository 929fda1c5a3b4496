public import LineProtocol
internal import LinuxKernel

extension Container {
    /// Answers when `condition` holds, with how the container ended. A cancelled task throws `cancelled`.
    public func wait(_ condition: ContainerWait.Parameters.Condition) async throws(ProtocolFailure) -> ExitRecord {
        if waiters.isAnswered(condition, in: record.lifecycle.phase) { return lastExit }
        return try await sleep(until: condition)
    }

    /// Answers when the present run has ended, whatever comes after it.
    func waitForEnd() async throws(ProtocolFailure) -> ExitRecord {
        guard record.lifecycle.isRunning else { return lastExit }
        return try await sleep(until: .nextExit)
    }

    private func sleep(until condition: ContainerWait.Parameters.Condition) async throws(ProtocolFailure) -> ExitRecord
    {
        let key = waiters.nextKey()
        let exit = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<ExitRecord?, Never>) in
                if Task.isCancelled { return continuation.resume(returning: nil) }
                waiters.add(continuation, key: key, for: condition)
            }
        } onCancel: {
            Task { await self.cancelWaiter(key) }
        }
        guard let exit else { throw ProtocolFailure(.cancelled, "the request was cancelled") }
        return exit
    }

    private var lastExit: ExitRecord {
        record.lifecycle.exitRecord
            ?? ExitRecord(exitCode: record.lifecycle.exitCode, finished: .now, error: record.lifecycle.error)
    }

    private func cancelWaiter(_ key: UInt64) { waiters.cancel(key) }
}
