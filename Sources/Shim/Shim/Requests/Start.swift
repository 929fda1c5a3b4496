import LineProtocol
import LinuxKernel

// `shim.start`: the client is attached before the process runs, so it misses no byte.

extension Shim {
    func start(_ parameters: ShimStart.Parameters, _ requester: Requester) {
        let ticket = ticket(requester)
        starts[ticket] = PendingStart(parameters: parameters)
        handle(.startRequested(ticket))
    }

    /// The state machine has accepted the one start there can be at a time.
    func startContainer() {
        guard let (ticket, pending) = starts.first else { return }
        do throws(ProtocolFailure) {
            if let size = pending.parameters.size, options.hasTerminal { try streams.resize(size) }
            if let request = pending.parameters.attach {
                let attached = try streams.attach(request)
                starts[ticket]?.streams = attached.streams
                starts[ticket]?.ends = attached.ends
            }
        } catch {
            return handle(.startFailed(error))
        }
        runtime.run(.start) { [unowned self] failure in
            handle(failure.map { .startFailed($0) } ?? .containerStarted(at: .now))
            Heap.trim()
        }
    }

    func answerStart(_ ticket: ShimStateMachine.Ticket, started: Timestamp) {
        guard let pending = starts.removeValue(forKey: ticket) else { return }
        answer(ticket, ShimStart.Result(started: started, streams: pending.streams), passing: pending.ends)
    }

    /// A refused start lets go of what it had attached.
    func forgetStart(_ ticket: ShimStateMachine.Ticket) {
        for end in starts.removeValue(forKey: ticket)?.ends ?? [] { end.close() }
    }
}
