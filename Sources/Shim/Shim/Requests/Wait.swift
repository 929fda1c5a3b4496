import LineProtocol

// `shim.wait` and `cancel`, which ends it.

extension Shim {
    /// Requests of one process that may wait at a time.
    private static let mostWaiters = 1024

    func wait(_ parameters: ShimWait.Parameters, _ requester: Requester) throws(ProtocolFailure) {
        if let name = parameters.exec { return try wait(forExec: name, requester) }
        if let record = machine.exit { return reply(requester, record) }
        waiters = try adding(requester, to: waiters)
    }

    private func wait(forExec name: String, _ requester: Requester) throws(ProtocolFailure) {
        let exec = try exec(named: name)
        if let record = exec.record {
            reply(requester, record)
        } else {
            exec.waiters = try adding(requester, to: exec.waiters)
        }
    }

    private func adding(_ requester: Requester, to waiters: [Requester]) throws(ProtocolFailure) -> [Requester] {
        if waiters.count >= Self.mostWaiters {
            throw ProtocolFailure(.inUse, "\(Self.mostWaiters) requests wait for this process already")
        }
        return waiters + [requester]
    }

    /// Only waiting can be cancelled; all else is over soon by itself.
    func cancel(_ parameters: Cancel.Parameters, of connection: Connections.Number) -> Nothing {
        let requester = Requester(connection: connection, id: parameters.request)
        let isWaiting =
            waiters.contains(requester) || memoryWaiters.contains { $0.requester == requester }
            || execs.values.contains { $0.waiters.contains(requester) }
        waiters.removeAll { $0 == requester }
        memoryWaiters.removeAll { $0.requester == requester }
        for exec in execs.values { exec.waiters.removeAll { $0 == requester } }
        if isWaiting { refuse(requester, ProtocolFailure(.cancelled, "the request was cancelled")) }
        return Nothing()
    }
}
