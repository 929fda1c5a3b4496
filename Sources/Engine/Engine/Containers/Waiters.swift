internal import LineProtocol

/// Those who wait for a container's end or removal.
struct Waiters: Sendable {
    private struct Waiter: Sendable {
        let condition: ContainerWait.Parameters.Condition
        let continuation: CheckedContinuation<ExitRecord?, Never>
    }

    private var waiting: [UInt64: Waiter] = [:]
    private var lastKey: UInt64 = 0

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
