import FoundationEssentials
import Harness
import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

/// A wherry-shim of a test's own, with its container created.
final class TestShim {
    /// The runtimes that a shim has to work with.
    static let runtimes = ["wherry-runtime", "runc"]

    let bundle: Bundle
    let program: RunningProgram
    let folder: String
    private let id: String
    private let runtime: String
    private let runtimeRoot: String

    /// Starts a shim and waits for its report, which ``report()`` gives.
    init(
        _ bundle: Bundle, in scratch: Scratch, by runtime: String, options: [String] = ["--log-driver", "none"]
    ) throws {
        self.bundle = bundle
        self.runtime = runtime == "wherry-runtime" ? try Programs.wherryRuntime : try Programs.found(runtime)
        id = "wherry-test-\(ThisProcess.pid)-\(monotonicTime() / 1000)"
        folder = scratch("shim-\(id)")
        runtimeRoot = try scratch.directory("state-\(id)")
        let arguments = [
            "--id", id, "--bundle", bundle.path, "--runtime", self.runtime, "--runtime-root", runtimeRoot, "--socket",
            folder + "/shim.sock", "--exit-file", folder + "/exit.json",
        ]
        program = try Command(try Programs.wherryShim, arguments + options).start()
        try program.waitForOutput("\n")
    }

    deinit { _ = try? Command(runtime, ["--root", runtimeRoot, "delete", "--force", id]).run() }

    static func logOptions(_ scratch: Scratch) -> [String] { ["--log-file", scratch("container.log")] }

    /// The line that the shim writes when the container is created: throws what it says went wrong.
    func report() throws -> ShimReady {
        let message = try Message(Line(Array(program.outputSoFar.utf8)))
        if case .failure(_, let failure) = message.kind { throw failure }
        return try message.result()
    }

    func connect() throws -> ShimClient {
        _ = try report()
        return try ShimClient(folder + "/shim.sock")
    }

    var exitRecord: ExitRecord? {
        guard let text = try? Files.read(folder + "/exit.json") else { return nil }
        return try? JSONDecoder().decode(ExitRecord.self, from: Data(text.utf8))
    }

    /// A number of `/proc/PID/status`, in KiB.
    func memory(_ name: String) throws -> Int {
        let lines = try Files.read("/proc/\(program.pid)/status").split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name + ":") })
        return try #require(Int(line.split(whereSeparator: { " \t".contains($0) })[1]))
    }

    var openDescriptors: Int { Files.names(in: "/proc/\(program.pid)/fd").count }
}

/// The other end of a shim's socket.
final class ShimClient {
    let channel: LineChannel
    private var last: Int64 = 0
    private var answers: [RequestID: Message] = [:]

    init(_ path: String) throws { channel = try LineChannel(owning: try UnixSocket.connect(to: path)) }

    /// Sends a request without waiting for its answer.
    func send<Method: LineMethod>(_ method: Method.Type, _ parameters: Method.Parameters) throws -> RequestID {
        last += 1
        try channel.send(Envelope.request(method, id: .number(last), parameters))
        return .number(last)
    }

    /// Waits for the answer to a request; its error is thrown.
    func answer<Method: LineMethod>(_: Method.Type, _ id: RequestID) throws -> (
        result: Method.Result, ends: [Descriptor]
    ) {
        while answers[id] == nil { try receive() }
        guard let message = answers.removeValue(forKey: id) else { throw HarnessError("the answer is gone") }
        if case .failure(_, let failure) = message.kind { throw failure }
        return (try message.result(), message.line.descriptors)
    }

    private func receive() throws {
        let lines = try channel.waitForLines(milliseconds: CInt(patient(20) * 1000))
        if lines.isEmpty { throw HarnessError(channel.isAtEnd ? "the shim has hung up" : "the shim does not answer") }
        for line in lines {
            let message = try Message(line)
            switch message.kind {
            case .response(let id), .failure(.some(let id), _): answers[id] = message
            case .failure(nil, let failure): throw failure
            default: throw HarnessError("the shim sent a request")
            }
        }
    }

    func call<Method: LineMethod>(_ method: Method.Type, _ parameters: Method.Parameters) throws -> (
        result: Method.Result, ends: [Descriptor]
    ) {
        try answer(method, try send(method, parameters))
    }
}

extension ShimClient {
    static let output = AttachRequest(standardInput: false)
    static let all = AttachRequest(standardInput: true)

    /// Starts the container; the ends of the streams it attached to.
    @discardableResult
    func start(_ attach: AttachRequest? = nil, size: WindowSize? = nil) throws -> [Descriptor] {
        try call(ShimStart.self, ShimStart.Parameters(attach: attach, size: size)).ends
    }

    func wait(for exec: String? = nil) throws -> ExitRecord {
        try call(ShimWait.self, ShimWait.Parameters(exec: exec)).result
    }

    func kill(_ signal: Int32 = Signal.kill, all: Bool = false) throws {
        _ = try call(ShimSignal.self, ShimSignal.Parameters(signal: signal, all: all))
    }

    func close() throws { _ = try call(ShimClose.self, Nothing()) }

    /// Starts a process like the container's own, but for its arguments and terminal.
    func exec(
        _ name: String, _ arguments: [String], like bundle: Bundle, terminal: Bool = false,
        _ attach: AttachRequest? = nil
    ) throws -> [Descriptor] {
        var process = try #require(bundle.configuration.process)
        process.args = arguments
        process.terminal = terminal
        return try call(ShimExec.self, ShimExec.Parameters(exec: name, process: process, attach: attach)).ends
    }
}

extension Descriptor {
    /// All that comes until the end of the stream, as text; and closes this end.
    func text() throws -> String {
        defer { close() }
        return String(decoding: try readAll(), as: UTF8.self)
    }
}

extension TestShim {
    /// Closes the shim as a supervisor does, and checks that nothing of its own is left but what lasts.
    func finish(_ client: ShimClient) throws {
        try client.close()
        #expect(try program.wait(within: 10).status == 0)
        #expect(Files.names(in: folder).filter { $0 != "exit.json" } == [])
        #expect(Files.names(in: runtimeRoot) == [])
    }
}
