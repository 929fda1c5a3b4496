import LineProtocol
import LinuxKernel

// `shim.update`: the runtime knows the cgroup and its version.

extension Shim {
    func update(_ parameters: ShimUpdate.Parameters, _ requester: Requester) throws(ProtocolFailure) {
        guard machine.isAlive else {
            throw ProtocolFailure(.wrongState, "no limits can be changed: the container is \(machine.phaseWord)")
        }
        let number = runtime.nextNumber()
        let document = paths.processDocument(number)
        let here = Descriptor.workingDirectory
        do { try here.writeDocument(Envelope.encode(parameters.resources), to: document) } catch {
            throw ProtocolFailure(.shimFailed, "cannot write the limits: \(error)")
        }
        runtime.run(.update(resources: document), number: number) { [unowned self] failure in
            try? here.removeFile(document)
            if let failure { refuse(requester, failure) } else { reply(requester, Nothing()) }
            Heap.trim()
        }
    }
}
