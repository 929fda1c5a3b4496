import Harness
import LinuxKernel
import Testing

@Suite("dockerd drives the runtime", .leavesNothingBehind)
struct DockerTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// Ends by itself only when it is told to; the signal 10 it notes.
    private let patientScript = "trap 'exit 9' TERM; trap 'echo told' USR1; echo ready; while :; do read x; done"

    @Test("run, exec, a terminal, stop and kill", arguments: runtimesUnderTest, dockerClients)
    func lifecycle(_ runtime: String, client: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime, client: client)
        let outcome = try docker.run([], "echo hi; echo bad >&2; exit 7")
        #expect(outcome.output == "hi\n" && outcome.errors == "bad\n" && outcome.status == 7, "\(outcome)")
        let reading = docker.command("run", "--rm", "-i", "--network", "none", "busybox", "cat")
        #expect(try reading.changed { $0.input = .text("from here\n") }.run().output == "from here\n")

        try docker.command("run", "-di", "--network", "none", "--name", "box", "busybox", "sh", "-c", patientScript)
            .succeed()
        let exec = try docker.command("exec", "box", "sh", "-c", "echo inside; exit 5").run()
        #expect(exec.output == "inside\n" && exec.status == 5, "\(exec)")
        #expect(try docker.command("top", "box").succeed().contains("read x"))
        try docker.command("kill", "--signal", "USR1", "box").succeed()
        try eventually("the signal arrives") { try docker.command("logs", "box").succeed() == "ready\ntold\n" }
        try docker.command("stop", "--time", "30", "box").succeed()
        #expect(try docker.inspect("box", "{{.State.ExitCode}}") == "9")
        try docker.command("start", "box").succeed()
        try docker.command("restart", "--time", "0", "box").succeed()
        #expect(try docker.inspect("box", "{{.State.Status}}") == "running")
        try docker.command("kill", "box").succeed()
        #expect(try docker.command("wait", "box").succeed() == "137\n")
        try docker.command("rm", "--force", "box").succeed()
    }

    @Test("a terminal is one inside too, for run and for exec", arguments: runtimesUnderTest, dockerClients)
    func terminals(_ runtime: String, client: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime, client: client)
        let shell = docker.command("run", "--rm", "-it", "--network", "none", "--name", "box", "busybox", "sh")
        let terminal = try shell.startOnTerminal()
        try terminal.waitForOutput("#", within: 30)
        let second = try docker.command("exec", "-it", "box", "sh").startOnTerminal(
            TerminalSize(columns: 91, rows: 31))
        try second.waitForOutput("#", within: 30)
        try second.send("tty; stty size; exit 6\n")
        let outcome = try second.wait(within: 30)
        #expect(outcome.status == 6 && outcome.output.contains("/dev/pts/"), "\(outcome)")
        #expect(outcome.output.contains("31 91"), "\(outcome)")
        try terminal.send("stty size; exit 4\n")
        #expect(try terminal.wait(within: 30).status == 4)
        #expect(terminal.outputSoFar.contains("24 80"), "\(terminal.outputSoFar)")
    }

    @Test("a program that is not there is 127, one that cannot be executed 126", arguments: runtimesUnderTest)
    func notThere(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        let run = ["run", "--rm", "--network", "none", "busybox"]
        for (program, status) in [("no-such-program", 127), ("/etc/passwd", 126)] as [(String, Int32)] {
            let outcome = try docker.command(run + [program]).run()
            #expect(outcome.status == status && outcome.errors.contains(program), "\(outcome)")
        }
        try docker.command("run", "-di", "--network", "none", "--name", "box", "busybox").succeed()
        for program in ["no-such-program", "/etc/passwd"] {
            // Docker 20 answers 126 to both, by what runc says, and tells of it on standard output.
            let outcome = try docker.command("exec", "box", program).run()
            #expect([126, 127].contains(outcome.status), "\(outcome)")
            #expect((outcome.output + outcome.errors).contains(program), "\(outcome)")
        }
    }

    @Test("limits reach the cgroup, update changes them, stats shows them", arguments: runtimesUnderTest)
    func limits(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        let limits = ["--memory", "64m", "--memory-swap", "64m", "--cpus", "0.5", "--pids-limit", "30"]
        try docker.command(["run", "-di", "--network", "none", "--name", "box"] + limits + ["busybox"]).succeed()
        let cgroups = try Limits(of: try docker.pid(of: "box"))
        #expect(try cgroups.read("memory", "memory.limit_in_bytes", "memory.max") == "67108864")
        #expect(try cgroups.read("pids", "pids.max", "pids.max") == "30")
        #expect(try cgroups.read("cpu", "cpu.cfs_quota_us", "cpu.max").hasPrefix("50000"))
        let update = ["update", "--memory", "32m", "--memory-swap", "32m", "--cpus", "0.25", "--pids-limit", "20"]
        try docker.command(update + ["box"]).succeed()
        #expect(try cgroups.read("memory", "memory.limit_in_bytes", "memory.max") == "33554432")
        #expect(try cgroups.read("pids", "pids.max", "pids.max") == "20")
        #expect(try cgroups.read("cpu", "cpu.cfs_quota_us", "cpu.max").hasPrefix("25000"))
        let statistics = docker.command("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}} {{.MemUsage}}", "box")
        let line = try statistics.succeed()
        #expect(line.hasPrefix("box 1 ") && line.contains("/ 32MiB"), "\(line)")
    }

    @Test("pause stops every process and refuses exec, unpause lets them go on", arguments: runtimesUnderTest)
    func pause(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        try docker.command("run", "-di", "--network", "none", "--name", "box", "busybox").succeed()
        try docker.command("pause", "box").succeed()
        #expect(try docker.inspect("box", "{{.State.Status}}") == "paused")
        #expect(try docker.command("exec", "box", "true").run().errors.contains("paused"))
        try docker.command("unpause", "box").succeed()
        try docker.command("exec", "box", "true").succeed()
    }

    @Test("a container that takes too much memory is killed, and it is told", arguments: runtimesUnderTest)
    func outOfMemory(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        // Its parent stays until dockerd has heard of it: of a death that comes with the container's end it need not hear.
        let script = "sh -c 'x=0123456789abcdef; while :; do x=$x$x; done'; code=$?; read line; exit $code"
        let eater = try docker.command(
            "run", "--interactive", "--network", "none", "--memory", "8m", "--name", "box", "busybox", "sh", "-c",
            script
        ).changed { $0.input = .open }.start()
        let told = docker.command("events", "--since", "1", "--until", "0s", "--filter", "event=oom")
        try eventually("dockerd tells of it", within: 30) { try !told.succeed().isEmpty }
        eater.closeInput()
        #expect(try eater.wait().status == 137)
        #expect(try docker.inspect("box", "{{.State.OOMKilled}}") == "true")
    }

    @Test("health checks run inside, and a restart policy starts again what fails", arguments: runtimesUnderTest)
    func supervision(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        let check = ["--health-cmd", "test -e /tmp/ok", "--health-interval", "200ms", "--health-retries", "2"]
        try docker.command(["run", "-di", "--network", "none", "--name", "box"] + check + ["busybox"]).succeed()
        try eventually("it is found ill", within: 30) {
            try docker.inspect("box", "{{.State.Health.Status}}") == "unhealthy"
        }
        try docker.command("exec", "box", "touch", "/tmp/ok").succeed()
        try eventually("it is found well", within: 30) {
            try docker.inspect("box", "{{.State.Health.Status}}") == "healthy"
        }
        try docker.command(
            "run", "-d", "--network", "none", "--name", "again", "--restart", "on-failure:2", "busybox", "sh", "-c",
            "exit 3"
        ).succeed()
        try eventually("it was started again", within: 30) {
            try docker.inspect("again", "{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}") == "2 exited 3"
        }
    }
}
