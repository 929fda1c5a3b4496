import Harness
import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("A shim starts more processes in its container", .leavesNothingBehind)
struct ShimExecTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func running(by runtime: String) throws -> (TestShim, ShimClient) {
        let shim = try TestShim(Bundle(in: scratch, running: ["sleep", "1000"]), in: scratch, by: runtime)
        let client = try shim.connect()
        try client.start()
        return (shim, client)
    }

    private func end(_ shim: TestShim, _ client: ShimClient) throws {
        try client.kill()
        _ = try client.wait()
        try shim.finish(client)
    }

    @Test("with streams and an exit code of their own", arguments: TestShim.runtimes)
    func streams(_ runtime: String) throws {
        let (shim, client) = try running(by: runtime)
        let script = ["sh", "-c", "echo out; echo err >&2; cat; exit 5"]
        let ends = try client.exec("one", script, like: shim.bundle, ShimClient.all)
        try ends[0].writeAll("in")
        ends[0].close()
        #expect(try ends[1].text() == "out\nin")
        #expect(try ends[2].text() == "err\n")
        #expect(try client.call(ShimState.self, Nothing()).result.execs == ["one"])
        #expect(try client.wait(for: "one").exitCode == 5)
        try end(shim, client)
    }

    @Test("an exit code that was told once is told again, to whom comes after a supervisor that was killed")
    func toldAgain() throws {
        let (shim, client) = try running(by: "wherry-runtime")
        _ = try client.exec("one", ["sh", "-c", "exit 5"], like: shim.bundle)
        #expect(try client.wait(for: "one").exitCode == 5)
        #expect(try shim.connect().wait(for: "one").exitCode == 5)
        // Its name is free nevertheless.
        _ = try client.exec("one", ["sh", "-c", "exit 6"], like: shim.bundle)
        #expect(try client.wait(for: "one").exitCode == 6)
        try end(shim, client)
    }

    @Test("of those that have ended the last 64 are remembered")
    func remembered() throws {
        let (shim, client) = try running(by: "wherry-runtime")
        for number in 0...64 {
            _ = try client.exec("\(number)", ["true"], like: shim.bundle)
            _ = try client.wait(for: "\(number)")
        }
        #expect(try client.call(ShimState.self, Nothing()).result.execs.count == 64)
        #expect(throws: ProtocolFailure.self) { try client.wait(for: "0") }
        try end(shim, client)
    }

    @Test("with a terminal that can be resized", arguments: TestShim.runtimes)
    func terminal(_ runtime: String) throws {
        let (shim, client) = try running(by: runtime)
        let ends = try client.exec(
            "t", ["sh", "-c", "read x; stty size"], like: shim.bundle, terminal: true, ShimClient.all)
        let size = ShimResize.Parameters(exec: "t", size: WindowSize(columns: 77, rows: 22))
        _ = try client.call(ShimResize.self, size)
        try ends[0].writeAll("\n")
        #expect(try ends[1].text().contains("22 77"))
        ends[0].close()
        #expect(try client.wait(for: "t").exitCode == 0)
        try end(shim, client)
    }

    @Test("what cannot be started is told of by kind, and leaves no name", arguments: TestShim.runtimes)
    func cannotBeStarted(_ runtime: String) throws {
        let (shim, client) = try running(by: runtime)
        for (program, kind) in [("no-such", ProtocolFailure.Kind.executableNotFound), ("/etc", .permissionDenied)] {
            let failure = #expect(throws: ProtocolFailure.self) {
                try client.exec("x", [program], like: shim.bundle, ShimClient.output)
            }
            #expect(failure?.kind == kind, "\(failure?.message ?? "")")
        }
        #expect(try client.call(ShimState.self, Nothing()).result.execs == [])
        try end(shim, client)
    }

    @Test("all of them get a signal that is meant for all", arguments: TestShim.runtimes)
    func signalAll(_ runtime: String) throws {
        let (shim, client) = try running(by: runtime)
        _ = try client.exec("one", ["sleep", "1000"], like: shim.bundle)
        let waiting = try client.send(ShimWait.self, ShimWait.Parameters(exec: "one"))
        try client.kill(all: true)
        #expect(try client.answer(ShimWait.self, waiting).result.exitCode == 137)
        #expect(try client.wait().exitCode == 137)
        try shim.finish(client)
    }

    @Test("none can be started before the container or after it")
    func wrongState() throws {
        let shim = try TestShim(Bundle(in: scratch, running: ["true"]), in: scratch, by: "wherry-runtime")
        let client = try shim.connect()
        let before = #expect(throws: ProtocolFailure.self) { try client.exec("x", ["true"], like: shim.bundle) }
        #expect(before?.kind == .wrongState)
        try client.start()
        _ = try client.wait()
        let after = #expect(throws: ProtocolFailure.self) { try client.exec("x", ["true"], like: shim.bundle) }
        #expect(after?.kind == .wrongState)
        try shim.finish(client)
    }
}
