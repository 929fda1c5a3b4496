import Harness
import LinuxKernel
import Testing

/// What the client owes to whoever started it: streams, signals, the terminal, and patience with a supervisor.
@Suite("The client stays with its container", .leavesNothingBehind)
struct ClientTests {
    let scratch: Scratch
    let supervisor: Supervisor
    /// What a container reads to know that it may go on: `cat /shared/go`.
    let shared: String

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
        shared = try scratch.directory("shared")
        try Descriptor.workingDirectory.makeFIFO(shared + "/go", mode: 0o666)
    }

    private func letGo() throws { try Command("sh", ["-c", "echo > \(shared)/go"]).succeed() }

    @Test("an attached run survives its supervisor: the streams go on, the next one tells the exit code")
    func supervisorDies() throws {
        let script = "echo before; cat /shared/go; echo after; exit 11"
        let client = try supervisor.wherry("run", "-v", "\(shared):/shared", "busybox", "sh", "-c", script).start()
        try client.waitForOutput("before")
        try supervisor.kill()
        try letGo()
        try client.waitForOutput("after")
        try supervisor.start()
        let outcome = try client.wait()
        #expect(outcome.status == 11 && outcome.output == "before\n\nafter\n", "\(outcome)")
    }

    @Test("the exit code comes back even of a container that the next supervisor removes at once")
    func supervisorIsAwayAtTheEnd() throws {
        let script = "echo before; cat /shared/go; exit 13"
        let client = try supervisor.wherry("run", "--rm", "-v", "\(shared):/shared", "busybox", "sh", "-c", script)
            .start()
        try client.waitForOutput("before")
        let id = try supervisor.wherry("ps", "--quiet").succeed().filter { $0 != "\n" }
        let pid = try supervisor.wherry("inspect", "--format", "{{.State.Pid}}", id).succeed().filter { $0 != "\n" }
        let process = try ProcessHandle(opening: Int32(pid) ?? 0)
        try supervisor.kill()
        try letGo()
        let ended = try process.descriptor.descriptor.wait(for: .readable, milliseconds: CInt(patient(10_000)))
        #expect(!ended.isEmpty, "the container has not ended")
        try supervisor.start()
        #expect(try client.wait().status == 13)
        #expect(try supervisor.wherry("ps", "--all", "--quiet").succeed() == "")
    }

    @Test("so does an attached exec")
    func supervisorDiesInExec() throws {
        try supervisor.wherry("run", "-d", "--name", "boat", "-v", "\(shared):/shared", "busybox", "sleep", "1000")
            .succeed()
        let client = try supervisor.wherry("exec", "boat", "sh", "-c", "echo before; cat /shared/go; exit 12").start()
        try client.waitForOutput("before")
        try supervisor.kill()
        try supervisor.start()
        try letGo()
        #expect(try client.wait().status == 12)
    }

    @Test("a supervisor that does not come back is told of, once the container has ended")
    func supervisorStaysAway() throws {
        let script = "echo before; cat /shared/go"
        let client = try supervisor.wherry("run", "-v", "\(shared):/shared", "busybox", "sh", "-c", script).start()
        try client.waitForOutput("before")
        try supervisor.kill()
        try letGo()
        let outcome = try client.wait()
        #expect(outcome.status == 125 && outcome.errors.contains("is not known"), "\(outcome)")
        try supervisor.start()
    }

    @Test("signals are passed on to the process", arguments: [Signal.terminate, Signal.interrupt, Signal.user1])
    func signals(number: CInt) throws {
        let script = "trap 'echo got it; exit 9' TERM INT USR1; echo ready; while :; do sleep 0.1; done"
        let client = try supervisor.wherry("run", "--rm", "busybox", "sh", "-c", script).start()
        try client.waitForOutput("ready")
        try client.signal(number)
        let outcome = try client.wait()
        #expect(outcome.status == 9 && outcome.output == "ready\ngot it\n", "\(outcome)")
    }

    @Test("with --sig-proxy=false a signal ends the client alone")
    func noProxy() throws {
        let client = try supervisor.wherry(
            "run", "--sig-proxy=false", "--name", "boat", "busybox", "sh", "-c", "echo ready; sleep 1000"
        )
        .start()
        try client.waitForOutput("ready")
        try client.signal(Signal.terminate)
        #expect(try client.wait().status == 143)
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}}").succeed() == "boat\n")
    }

    /// Runs lines of shell on a terminal, where `wherry` is the client; returns what the terminal showed.
    private func onTerminal(_ script: String, before: [String]? = nil) throws -> RunningProgram {
        if let before { try supervisor.wherry(before).succeed() }
        let client = try supervisor.wherry()
        let words = ([client.program] + client.arguments).joined(separator: " ")
        return try Command("sh", ["-c", "wherry() { \(words) \"$@\"; }\n" + script]).startOnTerminal()
    }

    @Test("the terminal is afterwards as it was, whatever happened", arguments: ["exit 3", "kill", "detach"])
    func terminal(ending: String) throws {
        let program = try onTerminal("stty -g; wherry run -it --name boat busybox sh; echo; stty -g; echo end of it")
        try program.waitForOutput("#")
        if ending == "kill" {
            try supervisor.wherry("kill", "boat").succeed()
        } else {
            try program.send(ending == "detach" ? "\u{10}\u{11}" : ending + "\n")
        }
        try program.waitForOutput("end of it")
        let outcome = try program.wait()
        #expect(Self.areTerminalSettingsKept(outcome), "\(outcome)")
    }

    @Test("a client that a signal ends gives the terminal back, too")
    func terminalAfterSignal() throws {
        let program = try onTerminal(
            "stty -g; wherry attach --sig-proxy=false boat; echo; stty -g; echo end of it",
            before: ["run", "-dit", "--name", "boat", "busybox", "sh"])
        try program.waitForOutput("#")
        // The client is the shell's child: the only one.
        try Command("pkill", ["-TERM", "-P", "\(program.pid)", "wherry"]).succeed()
        try program.waitForOutput("end of it")
        let outcome = try program.wait()
        #expect(Self.areTerminalSettingsKept(outcome), "\(outcome)")
    }

    /// Whether the two lines of `stty -g` are the same.
    private static func areTerminalSettingsKept(_ outcome: Outcome) -> Bool {
        let settings = outcome.output.split(whereSeparator: \.isNewline).filter { $0.split(separator: ":").count > 20 }
        return settings.count == 2 && settings.first == settings.last
    }

    @Test("streams that are shared with others stay as they were: nothing is made non-blocking")
    func blocking() throws {
        let client = try supervisor.wherry("run", "--rm", "-i", "busybox", "cat")
        let words = ([client.program] + client.arguments).joined(separator: " ")
        let outcome = try Command(
            "sh", ["-c", words + "; cat /proc/self/fdinfo/0 /proc/self/fdinfo/1 /proc/self/fdinfo/2"]
        )
        .changed { $0.input = .text("typed\n") }.run()
        #expect(outcome.status == 0 && outcome.output.hasPrefix("typed\n"), "\(outcome)")
        let flags = outcome.lines.filter { $0.hasPrefix("flags:") }.compactMap {
            Int($0.dropFirst(6).trimming, radix: 8)
        }
        #expect(flags.count == 3 && flags.allSatisfy { $0 & 0o4000 == 0 }, "\(outcome)")
    }

    @Test("closed standard streams do no harm", arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    func closedStreams(redirection: String) throws {
        let client = try supervisor.wherry("run", "--rm", "-i", "busybox", "sh", "-c", "echo out; echo err >&2; exit 6")
        let words = ([client.program] + client.arguments.map { "'\($0)'" }).joined(separator: " ")
        #expect(try Command("sh", ["-c", "\(words) \(redirection)"]).run().status == 6)
    }

    @Test("a full disk below standard output is one line and an exit code")
    func fullOutput() throws {
        let client = try supervisor.wherry("run", "--rm", "busybox", "echo", "word")
        let words = ([client.program] + client.arguments).joined(separator: " ")
        let outcome = try Command("sh", ["-c", words + " > /dev/full"]).run()
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors == "wherry: cannot write to standard output: no space left on device\n")
    }
}

extension Substring {
    fileprivate var trimming: String { String(filter { !$0.isWhitespace }) }
}
