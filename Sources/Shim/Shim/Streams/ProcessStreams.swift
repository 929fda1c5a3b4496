import LineProtocol
import LinuxKernel

/// The standard streams of one process: the container's first, or one of an exec. Clients come and go.
final class ProcessStreams {
    /// Clients of one process; descriptors are finite.
    static let mostClients = 64

    private let loop: EventLoop
    private var input: InputStream?
    private var output: OutputStream?
    private var errors: OutputStream?
    private var terminal: OwnedDescriptor?
    private let closesInputWithFirstClient: Bool
    private var awaitsEnd: (() -> Void)?
    private var deadline: EventLoop.Token?
    /// Called when a client has come or gone.
    var onClientsChange: () -> Void = {}

    init(closesInputWithFirstClient: Bool, loop: EventLoop) {
        self.closesInputWithFirstClient = closesInputWithFirstClient
        self.loop = loop
    }

    var hasClients: Bool { outputs.contains { $0.hasClients } || input?.hasClients == true }
    private var outputs: [OutputStream] { [output, errors].compactMap { $0 } }

    /// Where the output goes beside the clients; called with nothing at a stream's end.
    func setConsumer(_ consumer: @escaping (LogRecord.Stream, ArraySlice<UInt8>) -> Void) {
        output?.consumer = { consumer(.standardOutput, $0) }
        errors?.consumer = { consumer(.standardError, $0) }
    }

    /// Reads what the process, or a runtime on its behalf, has written up to now.
    func readAvailable() { for stream in outputs { stream.readAvailable() } }
}

// MARK: Opening

extension ProcessStreams {
    /// The process's ends, to be given to the runtime and then let go.
    final class ProcessEnds {
        private let input: OwnedDescriptor
        private let output: OwnedDescriptor
        private let errors: OwnedDescriptor
        init(
            _ input: consuming OwnedDescriptor, _ output: consuming OwnedDescriptor, _ errors: consuming OwnedDescriptor
        ) {
            self.input = input
            self.output = output
            self.errors = errors
        }
        /// As descriptors 0, 1 and 2.
        var descriptors: [Descriptor?] { [input.descriptor, output.descriptor, errors.descriptor] }
    }

    /// Makes the pipes of a process without a terminal.
    func openPipes(withInput: Bool) throws(SystemError) -> ProcessEnds {
        let (outputReader, outputWriter) = try Pipe().split()
        let outputEnd = OwnedDescriptor(owning: outputWriter.number)
        output = try makeOutput(OwnedDescriptor(owning: outputReader.number), isTerminal: false)
        let (errorReader, errorWriter) = try Pipe().split()
        let errorEnd = OwnedDescriptor(owning: errorWriter.number)
        errors = try makeOutput(OwnedDescriptor(owning: errorReader.number), isTerminal: false)
        if !withInput { return ProcessEnds(try Self.openNull(.readOnly), outputEnd, errorEnd) }
        let (inputReader, inputWriter) = try Pipe().split()
        let inputEnd = OwnedDescriptor(owning: inputReader.number)
        input = try makeInput(OwnedDescriptor(owning: inputWriter.number), isTerminal: false)
        return ProcessEnds(inputEnd, outputEnd, errorEnd)
    }

    /// What a runtime gets that makes the process's terminal itself. Its own complaints go where the shim's go.
    static func endsForTerminal() throws(SystemError) -> ProcessEnds {
        ProcessEnds(
            try openNull(.readOnly), try openNull(.writeOnly), try Descriptor.standardError.duplicate())
    }

    /// Takes over the master of the process's terminal.
    func openTerminal(_ master: consuming OwnedDescriptor) throws(SystemError) {
        // A descriptor of its own for each direction: epoll(7) knows a descriptor only once.
        output = try makeOutput(try master.descriptor.duplicate(), isTerminal: true)
        input = try makeInput(try master.descriptor.duplicate(), isTerminal: true)
        terminal = consume master
    }

    private static func openNull(_ flags: OpenFlags) throws(SystemError) -> OwnedDescriptor {
        try Descriptor.workingDirectory.open("/dev/null", flags)
    }

    private func makeOutput(_ source: consuming OwnedDescriptor, isTerminal: Bool) throws(SystemError) -> OutputStream {
        try OutputStream(
            source, isTerminal: isTerminal, loop: loop, onEnd: { [weak self] in self?.checkEnd() },
            onClientsChange: { [weak self] in self?.onClientsChange() })
    }

    private func makeInput(_ sink: consuming OwnedDescriptor, isTerminal: Bool) throws(SystemError) -> InputStream {
        try InputStream(
            sink, isTerminal: isTerminal, closesWithFirstClient: closesInputWithFirstClient, loop: loop,
            onClientsChange: { [weak self] in self?.onClientsChange() })
    }
}

// MARK: Attaching

extension ProcessStreams {
    /// Attaches a client to those of the streams it asks for that there are; the descriptors are its ends.
    func attach(_ request: AttachRequest) throws(ProtocolFailure) -> (streams: AttachedStreams, ends: [Descriptor]) {
        if clientCount >= Self.mostClients {
            throw ProtocolFailure(.inUse, "\(Self.mostClients) clients are attached already; detach one first")
        }
        var streams: [AttachedStreams.Stream] = []
        var ends: [Descriptor] = []
        do {
            if request.standardInput, let input {
                ends.append(try input.attach())
                streams.append(.standardInput)
            }
            if request.standardOutput, let output {
                ends.append(try output.attach())
                streams.append(.standardOutput)
            }
            if request.standardError, let errors {
                ends.append(try errors.attach())
                streams.append(.standardError)
            }
        } catch {
            for end in ends { end.close() }
            throw ProtocolFailure(.system, "cannot attach: \(error)")
        }
        return (AttachedStreams(streams: streams), ends)
    }

    private var clientCount: Int { max(outputs.map(\.clientCount).max() ?? 0, input?.clientCount ?? 0) }

    /// Sets the terminal's size; the process is told by SIGWINCH.
    func resize(_ size: WindowSize) throws(ProtocolFailure) {
        guard let terminal = terminal?.descriptor else {
            throw ProtocolFailure(.wrongState, "the process has no terminal")
        }
        do { try terminal.setTerminalSize(TerminalSize(columns: size.columns, rows: size.rows)) } catch {
            throw ProtocolFailure(.system, "cannot resize the terminal: \(error)")
        }
    }
}

// MARK: Ending

extension ProcessStreams {
    /// How long output is read after the process has ended while others still hold its streams.
    private static let drainingTime: UInt64 = 2000

    /// The process is gone: reads its output to the end, at most for a short while, and then calls `done`.
    func drain(then done: @escaping () -> Void) {
        input?.close()
        awaitsEnd = done
        deadline = loop.schedule(afterMilliseconds: Self.drainingTime) { [weak self] in self?.endOutputs() }
        for stream in outputs { stream.processEnded() }
        checkEnd()
    }

    private func endOutputs() { for stream in outputs { stream.end() } }

    private func checkEnd() {
        guard let done = awaitsEnd, outputs.allSatisfy(\.isEnded) else { return }
        awaitsEnd = nil
        if let deadline { loop.cancelTimer(deadline) }
        terminal = nil
        loop.afterThis(done)
    }
}
