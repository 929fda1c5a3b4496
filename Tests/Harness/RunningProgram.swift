import LinuxKernel

/// A program that was started and is watched: its output is read whenever the test waits for something of it.
/// It is killed when the last reference goes.
public final class RunningProgram {
    private let process: ProcessHandle
    private let name: String
    private let queue: EventQueue
    private var readers: [UInt64: Descriptor] = [:]
    private var collected: [UInt64: [UInt8]] = [:]
    private var writer: Descriptor?
    private var status: ExitStatus?

    private static let output: UInt64 = 1
    private static let errors: UInt64 = 2
    private static let ended: UInt64 = 3

    public var pid: Int32 { process.pid }

    init(_ command: Command, terminal size: TerminalSize? = nil) throws {
        name = command.description
        var streams = try Streams(command, size)
        let path = try Programs.found(command.program)
        var request = SpawnRequest(
            path: path, arguments: [command.program] + command.arguments, environment: command.environment,
            descriptors: streams.given + command.passed, directory: command.directory)
        if size != nil {
            // A session whose controlling terminal is its standard input.
            request.path = try Programs.found("setsid")
            request.arguments = ["setsid", "--ctty", path] + command.arguments
        }
        process = try request.spawn()
        streams.closeGiven()
        queue = try EventQueue()
        try queue.add(process.descriptor.descriptor, for: .readable, token: Self.ended)
        writer = streams.writer
        for (token, reader) in [(Self.output, streams.output), (Self.errors, streams.errors)] {
            guard let reader else { continue }
            try reader.setNonBlocking()
            try queue.add(reader, for: .readable, token: token)
            readers[token] = reader
        }
    }

    deinit {
        if status == nil {
            try? process.signal(Signal.kill)
            _ = try? process.wait()
        }
        if let writer { writer.close() }
        for reader in readers.values where reader != writer { reader.close() }
    }

    // MARK: Telling it something

    /// Writes to its standard input, which must be ``Command/Input/open`` or a terminal.
    public func send(_ text: String) throws {
        guard let writer else { throw HarnessError("\(name): its standard input is not open") }
        try writer.writeAll(text)
    }

    public func closeInput() {
        if let writer, readers[Self.output] != writer { writer.close() }
        writer = nil
    }

    public func signal(_ number: CInt) throws { try process.signal(number) }

    /// Closes our end of its output, as `head` does.
    public func closeOutput() throws {
        for (token, reader) in readers {
            try queue.remove(reader)
            if reader != writer { reader.close() }
            readers[token] = nil
        }
    }

    public func resize(columns: UInt16, rows: UInt16) throws {
        guard let terminal = readers[Self.output] else { throw HarnessError("\(name): its terminal is closed") }
        try terminal.setTerminalSize(TerminalSize(columns: columns, rows: rows))
    }

    // MARK: Waiting for it

    /// What it has written until now.
    public var outputSoFar: String { String(decoding: collected[Self.output] ?? [], as: UTF8.self) }
    public var errorsSoFar: String { String(decoding: collected[Self.errors] ?? [], as: UTF8.self) }

    public func waitForOutput(_ text: String, within seconds: Double = 10) throws {
        try pump(within: seconds, until: "output holds '\(text)'") { outputSoFar.contains(text) }
    }

    public func waitForErrors(_ text: String, within seconds: Double = 10) throws {
        try pump(within: seconds, until: "errors hold '\(text)'") { errorsSoFar.contains(text) }
    }

    /// Waits until it has ended and its output has. Kills it and throws if that takes too long.
    public func wait(within seconds: Double = 30) throws -> Outcome {
        do {
            try pump(within: seconds, until: "it ends, and nobody holds its output") {
                status != nil && readers.isEmpty
            }
        } catch {
            if status == nil { try process.signal(Signal.kill) }
            throw error
        }
        guard let status else { throw HarnessError("\(name): ended without a status") }
        return Outcome(
            status: status.shellCode, outputBytes: collected[Self.output] ?? [],
            errorBytes: collected[Self.errors] ?? [])
    }

    public var hasEnded: Bool {
        get throws {
            if status == nil, let status = try process.poll() { self.status = status }
            return status != nil
        }
    }

    /// Reads what comes until `condition` holds.
    private func pump(within seconds: Double, until what: String, _ condition: () -> Bool) throws {
        let end = monotonicTime() + UInt64(patient(seconds) * 1e9)
        while !condition() {
            let now = monotonicTime()
            let isOver = status != nil && readers.isEmpty
            guard now < end, !isOver else { throw HarnessError(complaint(seconds, what)) }
            for event in try queue.wait(milliseconds: CInt((end - now) / 1_000_000 + 1)) { try take(event.token) }
        }
    }

    private func complaint(_ seconds: Double, _ what: String) -> String {
        let why = status.map { "ended with \($0.shellCode)" } ?? "took longer than \(patient(seconds)) s"
        return "\(name): \(why), waiting until \(what)\noutput: \(outputSoFar)\nerrors: \(errorsSoFar)"
    }

    private func take(_ token: UInt64) throws {
        guard token != Self.ended else {
            if try hasEnded { try queue.remove(process.descriptor.descriptor) }
            return
        }
        guard let reader = readers[token] else { return }
        do {
            let bytes = try reader.read(upTo: 1 << 16)
            if !bytes.isEmpty {
                collected[token, default: []] += bytes
                return
            }
        } catch  where error.errno == .again {
            return
        } catch  where error.errno == .inputOutput {}  // A terminal's end.
        try queue.remove(reader)
        if reader != writer { reader.close() }
        readers[token] = nil
    }
}

/// The two sides of a program's standard streams.
private struct Streams {
    /// Descriptors 0, 1 and 2 of the program.
    var given: [Descriptor] = []
    var writer: Descriptor?
    var output: Descriptor?
    var errors: Descriptor?

    init(_ command: Command, _ terminal: TerminalSize?) throws {
        if let terminal {
            try openTerminal(terminal)
        } else {
            try openInput(command.input)
            try openOutput(command.output)
        }
    }

    private mutating func openTerminal(_ size: TerminalSize) throws {
        let terminal = try Pseudoterminal()
        let peer = try terminal.openPeer().release()
        let master = terminal.releaseMaster().release()
        try master.setTerminalSize(size)
        (writer, output) = (master, master)
        given = [peer, peer, peer]
    }

    private mutating func openInput(_ input: Command.Input) throws {
        switch input {
        case .nothing: given.append(try Descriptor.workingDirectory.open("/dev/null").release())
        case .file(let path): given.append(try Descriptor.workingDirectory.open(path).release())
        case .text(let text):
            guard text.utf8.count <= 1 << 16 else { throw HarnessError("input longer than a pipe holds: use a file") }
            let (reader, writer) = try Pipe().split()
            given.append(reader)
            try writer.writeAll(text)
            writer.close()
        case .open:
            let (reader, writer) = try Pipe().split()
            given.append(reader)
            self.writer = writer
        }
    }

    private mutating func openOutput(_ kind: Command.Output) throws {
        switch kind {
        case .captured:
            let (outputReader, outputWriter) = try Pipe().split()
            let (errorReader, errorWriter) = try Pipe().split()
            (output, errors) = (outputReader, errorReader)
            given += [outputWriter, errorWriter]
        case .file(let path):
            let file = try Descriptor.workingDirectory.open(path, [.writeOnly, .create, .append], mode: 0o644)
            let descriptor = file.release()
            given += [descriptor, descriptor]
        }
    }

    mutating func closeGiven() {
        for descriptor in Set(given) { descriptor.close() }
        given = []
    }
}
