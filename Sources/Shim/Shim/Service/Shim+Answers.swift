import LineProtocol
import LinuxKernel

// Requests come in as lines, and every one of them is answered with one line.

extension Shim {
    /// Whether the line will be answered; notifications are not.
    func answer(_ line: Line, from connection: Connections.Number) -> Bool {
        do throws(ProtocolFailure) {
            let message = try Message(line)
            guard case .request(let id, let method) = message.kind else { return false }
            let requester = Requester(connection: connection, id: id)
            do throws(ProtocolFailure) { try dispatch(method, message, requester) } catch { refuse(requester, error) }
        } catch {
            connections.send(Envelope.failure(nil, error), to: connection)
        }
        return true
    }

    private func dispatch(_ method: String, _ message: Message, _ requester: Requester) throws(ProtocolFailure) {
        switch method {
        case Hello.name: reply(requester, try hello(message.parameters()))
        case ShimState.name: handle(.stateRequested(ticket(requester)))
        case ShimStart.name: start(try message.parameters(), requester)
        case ShimAttach.name: try attach(try message.parameters(), requester)
        case ShimExec.name: try exec(try message.parameters(), requester)
        case ShimResize.name: reply(requester, try resize(message.parameters()))
        case ShimSignal.name: try signal(try message.parameters(), requester)
        case ShimPause.name: handle(.pauseRequested(ticket(requester)))
        case ShimResume.name: handle(.resumeRequested(ticket(requester)))
        case ShimUpdate.name: try update(try message.parameters(), requester)
        case ShimOutOfMemory.name: try outOfMemory(try message.parameters(), requester)
        case ShimWait.name: try wait(try message.parameters(), requester)
        case ShimClose.name: handle(.closeRequested(ticket(requester)))
        case Cancel.name: reply(requester, cancel(try message.parameters(), of: requester.connection))
        default: throw ProtocolFailure(.methodNotFound, "there is no method \"\(method)\"")
        }
    }

    func reply(_ requester: Requester, _ result: some Encodable, passing ends: [Descriptor] = []) {
        connections.send(Envelope.response(requester.id, result), passing: ends, to: requester.connection)
    }

    func refuse(_ requester: Requester, _ failure: ProtocolFailure) {
        connections.send(Envelope.failure(requester.id, failure), to: requester.connection)
    }
}

// MARK: Requests that the state machine answers

extension Shim {
    /// A number for a request that the state machine decides on.
    func ticket(_ requester: Requester) -> ShimStateMachine.Ticket {
        lastTicket += 1
        tickets[lastTicket] = requester
        return lastTicket
    }

    func answer(_ ticket: ShimStateMachine.Ticket, _ result: some Encodable, passing ends: [Descriptor] = []) {
        guard let requester = tickets.removeValue(forKey: ticket) else { return }
        reply(requester, result, passing: ends)
    }

    func refuse(_ ticket: ShimStateMachine.Ticket, _ failure: ProtocolFailure) {
        forgetStart(ticket)
        guard let requester = tickets.removeValue(forKey: ticket) else { return }
        refuse(requester, failure)
    }
}
