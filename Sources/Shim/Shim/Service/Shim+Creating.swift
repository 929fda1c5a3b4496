import LineProtocol
import LinuxKernel

// From nothing to a created container.

extension Shim {
    func createContainer() {
        let number = runtime.nextNumber()
        do {
            let console = options.hasTerminal ? try ConsoleSocket(at: paths.consoleSocket(number)) : nil
            let ends = try openStreams(streams, withTerminal: options.hasTerminal, options.opensStandardInput)
            streams.setConsumer { [unowned self] _, bytes in
                runtimeComplaint = (runtimeComplaint + bytes).suffix(4096)
            }
            let command = RuntimeCommand.create(
                bundle: options.bundle, pidFile: paths.processPID(number), consoleSocket: console?.name)
            children.expectChild()
            runtime.run(
                command, number: number, streams: ends.descriptors, complaint: { [unowned self] in runtimeComplaint }
            ) { [unowned self] failure in
                createEnded(failure, number, console)
                children.settleExpectation()
            }
        } catch {
            handle(.createFailed(ProtocolFailure(.shimFailed, "cannot prepare the container's streams: \(error)")))
        }
    }

    func openStreams(_ streams: ProcessStreams, withTerminal: Bool, _ withInput: Bool) throws(SystemError)
        -> ProcessStreams.ProcessEnds
    {
        try withTerminal ? ProcessStreams.endsForTerminal() : streams.openPipes(withInput: withInput)
    }

    private func createEnded(_ failure: ProtocolFailure?, _ number: Int, _ console: ConsoleSocket?) {
        defer { try? Descriptor.workingDirectory.removeFile(paths.processPID(number)) }
        streams.readAvailable()
        do throws(ProtocolFailure) {
            if let failure { throw failure }
            try adoptContainer(number, console)
        } catch {
            return handle(.createFailed(error))
        }
        handle(.containerCreated(pid: pid))
        Heap.trim()
    }

    private func adoptContainer(_ number: Int, _ console: ConsoleSocket?) throws(ProtocolFailure) {
        let process = try takeProcess(number)
        pid = process.pid
        if let console { try takeTerminal(console, streams) }
        runtimeComplaint = []
        let log = self.log
        streams.setConsumer { log?.take($0, $1) }
        do {
            try watchMemory()
            try children.watch(process) { [unowned self] in containerEnded($0) }
            try connections.start()
        } catch {
            throw ProtocolFailure(.shimFailed, "cannot watch the container's process: \(error)")
        }
    }

    /// The process whose pid the runtime's call number `number` has written.
    func takeProcess(_ number: Int) throws(ProtocolFailure) -> ProcessHandle {
        let path = paths.processPID(number)
        do {
            let text = String(decoding: try Descriptor.workingDirectory.readFile(path, limit: 64), as: UTF8.self)
            guard let pid = Int32(text.filter { !$0.isWhitespace }), pid > 1 else {
                throw ProtocolFailure(.runtimeFailed, "the runtime wrote no process ID but \"\(text)\"")
            }
            return try ProcessHandle(opening: pid)
        } catch let failure as ProtocolFailure {
            throw failure
        } catch {
            throw ProtocolFailure(.runtimeFailed, "the runtime's process cannot be found: \(error)")
        }
    }

    /// The terminal that the runtime has sent before it ended.
    func takeTerminal(_ console: ConsoleSocket, _ streams: ProcessStreams) throws(ProtocolFailure) {
        do {
            guard let master = try console.receiveMaster() else {
                throw ProtocolFailure(.runtimeFailed, "the runtime sent no terminal to its console socket")
            }
            try streams.openTerminal(master)
        } catch let failure as ProtocolFailure {
            throw failure
        } catch {
            throw ProtocolFailure(.shimFailed, "cannot take the terminal: \(error)")
        }
    }

    /// The one line on standard output, for whoever started the shim; then that pipe is let go.
    func announce(_ line: [UInt8]) {
        // The starter may be gone already: then nobody needs to know.
        try? Descriptor.standardOutput.writeAll(line + [UInt8(ascii: "\n")])
        ShimProgram.silence(.standardOutput)
    }
}
