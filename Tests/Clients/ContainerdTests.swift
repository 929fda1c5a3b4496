import Harness
import LinuxKernel
import Testing

@Suite("containerd drives the runtime by its shim for runc", .leavesNothingBehind)
struct ContainerdTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// For a shell on a terminal of 24 lines and 80 columns: ctr tells the size some time after the start.
    private let untilSized = "until stty size 2>/dev/null | grep -q '24 80'; do :; done; exit 4\n"

    @Test("run, exec, kill and delete", arguments: runtimesUnderTest)
    func lifecycle(_ runtime: String) throws {
        let containerd = try Containerd(in: scratch, runtime: runtime)
        let outcome = try containerd.run(["--rm"], "one", ["sh", "-c", "echo hi; exit 7"]).run()
        #expect(outcome.output == "hi\n", "\(outcome)")
        #expect(outcome.status == 7)

        try containerd.run(["--detach"], "two", ["sleep", "1000"]).changed { $0.output = .file(scratch("two")) }
            .succeed()
        let exec = try containerd.command("tasks", "exec", "--exec-id", "e", "two", "sh", "-c", "echo inside; exit 5")
            .run()
        #expect(exec.output == "inside\n", "\(exec)")
        #expect(exec.status == 5)
        #expect(try containerd.command("tasks", "list").succeed().contains("RUNNING"))
        try containerd.command("tasks", "pause", "two").succeed()
        try containerd.command("tasks", "resume", "two").succeed()
        try containerd.command("tasks", "kill", "--signal", "SIGKILL", "two").succeed()
        try eventually("the task has stopped") {
            try containerd.command("tasks", "list").succeed().contains("STOPPED")
        }
        _ = try containerd.command("tasks", "delete", "two").run()
        try containerd.command("containers", "delete", "two").succeed()
    }

    @Test("a terminal is one inside too", arguments: runtimesUnderTest)
    func terminal(_ runtime: String) throws {
        let containerd = try Containerd(in: scratch, runtime: runtime)
        let program = try containerd.run(["--rm", "--tty"], "three", ["sh"]).startOnTerminal()
        try program.waitForOutput("#", within: 30)
        try program.send(untilSized)
        #expect(try program.wait(within: 30).status == 4, "\(program.outputSoFar)")
    }

    @Test("a second terminal by exec, metrics and processes", arguments: runtimesUnderTest)
    func more(_ runtime: String) throws {
        let containerd = try Containerd(in: scratch, runtime: runtime)
        try containerd.run(["--detach", "--memory-limit", "67108864"], "four", ["sleep", "1000"]).changed {
            $0.output = .file(scratch("four"))
        }.succeed()
        let terminal = try containerd.exec(["--tty"], "four", ["sh"]).startOnTerminal()
        try terminal.waitForOutput("#", within: 30)
        try terminal.send(untilSized)
        #expect(try terminal.wait(within: 30).status == 4, "\(terminal.outputSoFar)")
        #expect(try containerd.command("tasks", "metrics", "four").succeed().contains("67108864"))
        #expect(try containerd.command("tasks", "ps", "four").succeed().split(separator: "\n").count == 2)
        try containerd.command("tasks", "kill", "--signal", "SIGKILL", "four").succeed()
        try eventually("the task has stopped") {
            try containerd.command("tasks", "list").succeed().contains("STOPPED")
        }
        _ = try containerd.command("tasks", "delete", "four").run()
        try containerd.command("containers", "delete", "four").succeed()
    }
}
