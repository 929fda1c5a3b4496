internal import LineProtocol

/// Those who wait for a container's end or removal.
struct Waiters: Sendable {
    private struct Waiter: Sendable {
        let condition: ContainerWait.Parameters.Condition
        let continuation: CheckedContinuation<ExitRecord?, Never>
    }

    private var waiting: [UInt64: Waiter] = [:]
    private var lastKey: UInt64 = 0
    /// Ends that have happened and are not told to everybody yet.
    private var untold = 0

    /// An end, or a removal, has happened. Who asks from here on hears of it with everybody else: after its event.
    mutating func beginTelling() { untold += 1 }
    mutating func endTelling() { untold -= 1 }

    /// Whether who asks now need not wait.
    func isAnswered(
        _ condition: ContainerWait.Parameters.Condition, in phase: ContainerLifecycle.Phase
    ) -> Bool {
        guard untold == 0 else { return false }
        switch (condition, phase) {
        case (.notRunning, .created), (.notRunning, .exited), (.notRunning, .dead), (_, .gone): return true
        default: return false
        }
    }

    mutating func nextKey() -> UInt64 {
        lastKey += 1
        return lastKey
    }

    mutating func add(
        _ continuation: CheckedContinuation<ExitRecord?, Never>, key: UInt64,
        for condition: ContainerWait.Parameters.Condition
    ) {
        waiting[key] = Waiter(condition: condition, continuation: continuation)
    }

    /// A waiter that was cancelled hears nil.
    mutating func cancel(_ key: UInt64) { waiting.removeValue(forKey: key)?.continuation.resume(returning: nil) }

    /// All but those who wait for the removal, unless that has come.
    mutating func wake(with record: ExitRecord, isGone: Bool) {
        for (key, waiter) in waiting where isGone || waiter.condition != .removed {
            waiter.continuation.resume(returning: record)
            waiting[key] = nil
        }
    }
}
