import Harness
import LinuxKernel
import Testing

/// wherry, wherryd, wherry-shim and wherry-runtime together, as a user meets them.
@Suite("A container from an image, through every program", .leavesNothingBehind)
struct ChainTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    private func run(_ arguments: String...) throws -> Outcome {
        try supervisor.wherry(["run", "--rm"] + arguments).run()
    }

    @Test("output, errors and exit code come back, each on its own")
    func streams() throws {
        let outcome = try run("busybox", "sh", "-c", "echo out; echo err >&2; exit 7")
        #expect(outcome.output == "out\n")
        #expect(outcome.errors == "err\n")
        #expect(outcome.status == 7)
    }

    @Test("a process that a signal ends is 128 and the signal's number")
    func signal() throws {
        let program = try supervisor.wherry(
            "run", "--rm", "--name", "boat", "busybox", "sh", "-c", "echo up; sleep 1000"
        )
        .start()
        try program.waitForOutput("up")
        try supervisor.wherry("kill", "boat").succeed()
        #expect(try program.wait().status == 137)
    }

    @Test("runc and crun run it as well, behind the same shim", arguments: ["runc", "crun"])
    func otherRuntimes(_ name: String) throws {
        let other = try Supervisor(in: Scratch(), options: ["--runtime", try scratch.otherRuntime(name)])
        try other.importBusybox()
        let outcome = try other.wherry("run", "--rm", "busybox", "sh", "-c", "echo out; exit 7").run()
        #expect(outcome.output == "out\n" && outcome.status == 7, "\(outcome)")
    }

    @Test("a million bytes come back whole and in order")
    func muchOutput() throws {
        let outcome = try run("busybox", "sh", "-c", "seq 1 150000")
        #expect(outcome.lines.count == 150_000)
        #expect(outcome.lines.last == "150000")
        #expect(outcome.lines == (1...150_000).map(String.init))
    }

    @Test("with -i the container reads what the client reads, to its end")
    func input() throws {
        let outcome = try supervisor.wherry("run", "--rm", "-i", "busybox", "sort")
            .changed { $0.input = .text("b\nc\na\n") }.run()
        #expect(outcome.output == "a\nb\nc\n", "\(outcome)")
        #expect(outcome.status == 0)
    }

    @Test(
        "exit codes are docker's",
        arguments: [
            "busybox true": Int32(0), "busybox sleep no": 1, "busybox no-such-program": 127, "busybox /etc/passwd": 126,
            "no-such-image true": 125, "--network no-such busybox": 125, "--no-such-option": 125,
        ])
    func exitCodes(_ line: String, _ code: Int32) throws {
        let arguments = line.split(separator: " ").map(String.init)
        let outcome = try supervisor.wherry(["run", "--rm"] + arguments).run()
        #expect(outcome.status == code, "\(outcome)")
        if code > 124, code < 128 { #expect(!outcome.errors.isEmpty) }
        #expect(try supervisor.wherry("ps", "--all", "--quiet").succeed() == "")
    }

    @Test("environment, directory, user, host name, entry point and a volume are as the command line says")
    func options() throws {
        let shared = try scratch.directory("shared")
        try scratch.file("shared/in", "from outside\n")
        let script = "hostname; pwd; id -u; echo $WORD; cat /shared/in; echo from inside > /shared/out"
        let outcome = try run(
            "--hostname", "boat", "-w", "/tmp", "-u", "1000:1000", "-e", "WORD=word", "-v", "\(shared):/shared",
            "--entrypoint", "/bin/sh", "-v", "/no/such/folder/yet-\(ThisProcess.pid):/made", "busybox", "-c",
            "id -u > /dev/null; " + script)
        try? Descriptor.workingDirectory.removeTree("/no")
        #expect(outcome.output == "boat\n/tmp\n1000\nword\nfrom outside\n", "\(outcome)")
    }

    @Test("run -d prints the ID; ps, logs, exec, inspect, stop, wait and rm find the container")
    func detached() throws {
        let script = "echo started; trap 'echo ending; exit 9' TERM; while :; do sleep 0.1; done"
        let id = try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sh", "-c", script).succeed().trimmed
        #expect(id.count == 64)
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}} {{.Image}}").succeed() == "boat busybox\n")
        let logs = try supervisor.wherry("logs", "--follow", "boat").start()
        try logs.waitForOutput("started")

        let exec = try supervisor.wherry("exec", "-e", "A=b", "boat", "sh", "-c", "echo $A; exit 3").run()
        #expect(exec.output == "b\n")
        #expect(exec.status == 3)

        #expect(try supervisor.wherry("inspect", "--format", "{{.State.Status}}", "boat").succeed() == "running\n")
        let wait = try supervisor.wherry("wait", "boat").start()
        try supervisor.wherry("stop", "boat").succeed()
        #expect(try wait.wait().output == "9\n")
        #expect(try logs.wait().output == "started\nending\n")
        #expect(try supervisor.wherry("ps", "--all", "--format", "{{.Status}}").succeed().hasPrefix("Exited (9)"))
        try supervisor.wherry("rm", "boat").succeed()
        #expect(try supervisor.wherry("ps", "--all", "--quiet").succeed() == "")
    }

    @Test("on a terminal the container sees its size, resizing and Ctrl-C")
    func terminal() throws {
        let script = "trap 'stty size; exit 4' INT; echo ready; while :; do read x; done"
        let program = try supervisor.wherry("run", "--rm", "-it", "busybox", "sh", "-c", script)
            .startOnTerminal(TerminalSize(columns: 91, rows: 31))
        try program.waitForOutput("ready")
        try program.resize(columns: 101, rows: 41)
        try eventually("the size has arrived") {
            let ids = try supervisor.wherry("ps", "--quiet").succeed().trimmed
            return try supervisor.wherry("exec", ids, "stty", "-F", "/dev/console", "size").run().output == "41 101\n"
        }
        try program.send("\u{3}")
        let outcome = try program.wait()
        #expect(outcome.status == 4, "\(outcome)")
        #expect(outcome.output.contains("41 101"), "\(outcome)")
    }

    @Test("Ctrl-P Ctrl-Q detaches and leaves it running; attach finds it again")
    func detach() throws {
        let program = try supervisor.wherry("run", "-it", "--name", "boat", "busybox", "sh").startOnTerminal()
        try program.waitForOutput("#")
        try program.send("WORD=kept\n")
        try program.send("\u{10}\u{11}")
        #expect(try program.wait().status == 0)
        let again = try supervisor.wherry("attach", "boat").startOnTerminal()
        try again.send("echo [$WORD]; exit 5\n")
        try again.waitForOutput("[kept]")
        #expect(try again.wait().status == 5)
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("a closed pipe ends the client, as any other program; the container goes on, as docker's does")
    func closedPipe() throws {
        let program = try supervisor.wherry("run", "--name", "boat", "busybox", "yes").start()
        try program.waitForOutput("y")
        try program.closeOutput()
        _ = try program.wait()
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}}").succeed() == "boat\n")
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }
}

extension String {
    fileprivate var trimmed: String { String(split(separator: "\n").first ?? "") }
}
