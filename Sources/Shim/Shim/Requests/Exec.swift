import LineProtocol
import LinuxKernel
import RuntimeSpec

/// A process that `shim.exec` started in the container.
final class ExecProcess {
    let streams: ProcessStreams
    var started: Timestamp?
    /// Set when it has ended and its output is read. It stays: a supervisor that was told of it may be killed before it
    /// has told its client, and the next one asks again.
    var record: ExitRecord?
    var waiters: [Requester] = []

    init(streams: ProcessStreams) { self.streams = streams }
}

// `shim.exec`: the runtime starts the process and goes; the orphan then is a child of this subreaper.

extension Shim {
    /// Processes that run at a time; descriptors are finite.
    private static let mostExecs = 64
    /// Processes that have ended and can still be asked about.
    private static let mostEnded = 64

    func exec(named name: String) throws(ProtocolFailure) -> ExecProcess {
        guard let exec = execs[name] else { throw ProtocolFailure(.noSuchExec, "there is no process \"\(name)\"") }
        return exec
    }

    func exec(_ parameters: ShimExec.Parameters, _ requester: Requester) throws(ProtocolFailure) {
        try checkExec(parameters.exec)
        let streams = ProcessStreams(closesInputWithFirstClient: true, loop: loop)
        streams.onClientsChange = { [unowned self] in attendanceChanged() }
        let exec = ExecProcess(streams: streams)
        do {
            try launch(exec, parameters, requester)
        } catch let failure as ProtocolFailure {
            throw failure
        } catch {
            throw ProtocolFailure(.shimFailed, "cannot prepare the process: \(error)")
        }
        execs[parameters.exec] = exec
    }

    private func checkExec(_ name: String) throws(ProtocolFailure) {
        guard machine.isRunning else {
            throw ProtocolFailure(.wrongState, "no process can be started: the container is \(machine.phaseWord)")
        }
        if let known = execs[name] {
            guard known.record != nil else {
                throw ProtocolFailure(.nameConflict, "there is a process \"\(name)\" already")
            }
            retire(name)
        }
        if execs.values.count(where: { $0.record == nil }) >= Self.mostExecs {
            throw ProtocolFailure(.inUse, "\(Self.mostExecs) processes of exec run already; wait for one to end")
        }
    }
}

// MARK: Launching

extension Shim {
    /// What an exec is, from the call of the runtime to its answer.
    private struct Launch {
        let number: Int
        let exec: ExecProcess
        let parameters: ShimExec.Parameters
        let requester: Requester
        let console: ConsoleSocket?
        var attached: (streams: AttachedStreams, ends: [Descriptor])?

        func closeEnds() { for end in attached?.ends ?? [] { end.close() } }
    }

    private func launch(_ exec: ExecProcess, _ parameters: ShimExec.Parameters, _ requester: Requester) throws {
        let number = runtime.nextNumber()
        let hasTerminal = parameters.process.terminal ?? false
        let console = hasTerminal ? try ConsoleSocket(at: paths.consoleSocket(number)) : nil
        let ends = try openStreams(exec.streams, withTerminal: hasTerminal, parameters.attach?.standardInput ?? false)
        var launch = Launch(
            number: number, exec: exec, parameters: parameters, requester: requester, console: console)
        // Before the process runs, so that its first byte is not missed. A terminal keeps it until it is read.
        if console == nil, let request = parameters.attach { launch.attached = try exec.streams.attach(request) }
        do { try run(launch, ends) } catch {
            launch.closeEnds()
            throw error
        }
    }

    private func run(_ launch: Launch, _ ends: ProcessStreams.ProcessEnds) throws(SystemError) {
        let document = paths.processDocument(launch.number)
        let pidFile = paths.processPID(launch.number)
        let here = Descriptor.workingDirectory
        try here.writeDocument(Envelope.encode(launch.parameters.process), to: document)
        let command = RuntimeCommand.exec(process: document, pidFile: pidFile, consoleSocket: launch.console?.name)
        children.expectChild()
        runtime.run(command, number: launch.number, streams: ends.descriptors) { [unowned self] failure in
            launched(launch, failure)
            for path in [document, pidFile] { try? here.removeFile(path) }
            children.settleExpectation()
            Heap.trim()
        }
    }

    private func launched(_ launch: Launch, _ failure: ProtocolFailure?) {
        var launch = launch
        do throws(ProtocolFailure) {
            if let failure { throw failure }
            let process = try takeProcess(launch.number)
            let pid = process.pid
            if let console = launch.console {
                try takeTerminal(console, launch.exec.streams)
                if let request = launch.parameters.attach { launch.attached = try launch.exec.streams.attach(request) }
            }
            launch.exec.started = .now
            try watch(process, of: launch.exec)
            reply(
                launch.requester,
                ShimExec.Result(pid: pid, streams: launch.attached?.streams ?? AttachedStreams()),
                passing: launch.attached?.ends ?? [])
        } catch {
            launch.closeEnds()
            execs[launch.parameters.exec] = nil
            for requester in [launch.requester] + launch.exec.waiters { refuse(requester, error) }
        }
    }

    private func watch(_ process: consuming ProcessHandle, of exec: ExecProcess) throws(ProtocolFailure) {
        do {
            try children.watch(process) { [unowned self] in ended(exec, $0) }
        } catch {
            throw ProtocolFailure(.shimFailed, "cannot watch the process: \(error)")
        }
    }

    private func ended(_ exec: ExecProcess, _ status: ExitStatus?) {
        let finished = Timestamp.now
        exec.streams.drain { [unowned self] in
            let record = ExitRecord(exitCode: status?.shellCode ?? 255, finished: finished, started: exec.started)
            exec.record = record
            for requester in exec.waiters { reply(requester, record) }
            exec.waiters = []
            retireOldest()
            Heap.trim()
        }
    }

    private func retireOldest() {
        let ended = execs.compactMap { name, exec in exec.record.map { (name, $0.finished) } }
        guard ended.count > Self.mostEnded, let oldest = ended.min(by: { $0.1 < $1.1 }) else { return }
        retire(oldest.0)
    }

    /// Forgets a process that has ended. Its clients may still have to read the rest.
    private func retire(_ name: String) {
        if let exec = execs.removeValue(forKey: name) { endedExecs.append(exec) }
        attendanceChanged()
    }
}
