import LineProtocol

// `hello` and `shim.state`

extension Shim {
    func hello(_ parameters: Hello.Parameters) throws(ProtocolFailure) -> Hello.Result {
        guard parameters.version >= Hello.version else {
            throw ProtocolFailure(
                .versionMismatch, "the shim speaks version \(Hello.version), not \(parameters.version)")
        }
        return Hello.Result(server: "wherry-shim \(ShimProgram.version)", capabilities: ["descriptors"])
    }

    func answerState(_ ticket: ShimStateMachine.Ticket) {
        guard let phase = machine.phase else {
            return refuse(ticket, ProtocolFailure(.wrongState, "the container is \(machine.phaseWord)"))
        }
        let state = ShimState.Result(
            id: options.id, phase: phase, pid: machine.isAlive ? pid : 0, started: machine.started, exit: machine.exit,
            execs: execs.keys.sorted(), isPaused: machine.isPaused)
        answer(ticket, state)
    }
}
