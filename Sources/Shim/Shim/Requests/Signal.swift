import LineProtocol
import LinuxKernel

// `shim.signal`: to the first process through its pidfd, to all of them through the runtime, which knows the cgroup.

extension Shim {
    func signal(_ parameters: ShimSignal.Parameters, _ requester: Requester) throws(ProtocolFailure) {
        guard (1...64).contains(parameters.signal) else {
            throw ProtocolFailure(.invalidArgument, "\(parameters.signal) is no signal's number: 1 to 64")
        }
        guard machine.isAlive else {
            throw ProtocolFailure(.wrongState, "the container cannot be signalled: it is \(machine.phaseWord)")
        }
        if parameters.all { return signalAll(parameters.signal, requester) }
        do { try children.signal(parameters.signal, to: pid) } catch {
            throw ProtocolFailure(error.errno == .noProcess ? .wrongState : .system, "\(error)")
        }
        reply(requester, Nothing())
    }

    private func signalAll(_ number: Int32, _ requester: Requester) {
        runtime.run(.killAll(signal: number)) { [unowned self] failure in
            if let failure { refuse(requester, failure) } else { reply(requester, Nothing()) }
        }
    }
}
