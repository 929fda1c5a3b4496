import LineProtocol
import LinuxKernel

// `shim.attach`

extension Shim {
    func attach(_ request: AttachRequest, _ requester: Requester) throws(ProtocolFailure) {
        guard machine.hasStreams else {
            throw ProtocolFailure(.wrongState, "cannot attach to the container: it is \(machine.phaseWord)")
        }
        let (streams, ends) = try streams.attach(request)
        reply(requester, streams, passing: ends)
    }
}
