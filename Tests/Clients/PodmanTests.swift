import Harness
import LinuxKernel
import Testing

@Suite("podman drives the runtime", .leavesNothingBehind)
struct PodmanTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("run hands back output and exit status", arguments: runtimesUnderTest)
    func run(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        let outcome = try podman.command("run", "--rm", "--network", "none", "busybox", "sh", "-c", "echo hi; exit 7")
            .run()
        #expect(outcome.output == "hi\n", "\(outcome)")
        #expect(outcome.status == 7)
    }

    @Test("exec joins a container that runs, stop ends it, start runs it again", arguments: runtimesUnderTest)
    func lifecycle(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        try podman.command("run", "-d", "--network", "none", "--name", "c", "busybox", "sleep", "1000").succeed()
        let exec = try podman.command("exec", "-e", "WORD=inside", "c", "sh", "-c", "echo $WORD $$; exit 5").run()
        #expect(exec.output.hasPrefix("inside "), "\(exec)")
        #expect(exec.status == 5)
        try podman.command("stop", "--time", "0", "c").succeed()
        #expect(try podman.command("inspect", "--format", "{{.State.ExitCode}}", "c").succeed() == "137\n")
        try podman.command("start", "c").succeed()
        try podman.command("kill", "--signal", "KILL", "c").succeed()
        try podman.command("wait", "c").succeed()
    }

    @Test("a terminal is one inside too", arguments: runtimesUnderTest)
    func terminal(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        let program = try podman.command("run", "--rm", "-it", "--network", "none", "busybox", "sh")
            .startOnTerminal(TerminalSize(columns: 91, rows: 31))
        try program.waitForOutput("#", within: 30)
        try program.send("tty; stty size; exit 4\n")
        let outcome = try program.wait()
        #expect(outcome.status == 4)
        #expect(outcome.output.contains("/dev/pts/0") || outcome.output.contains("/dev/console"), "\(outcome)")
        #expect(outcome.output.contains("31 91"), "\(outcome)")
    }

    @Test("limits of memory and processes reach the cgroup", arguments: runtimesUnderTest)
    func limits(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        let limited = podman.command(
            "run", "-d", "--network", "none", "--memory", "64m", "--pids-limit", "17", "--name", "c", "busybox",
            "sleep", "1000")
        try limited.succeed()
        let pid = try podman.command("inspect", "--format", "{{.State.Pid}}", "c").succeed()
        let limits = try Limits(of: pid.filter(\.isNumber))
        #expect(try limits.read("memory", "memory.limit_in_bytes", "memory.max") == "67108864")
        #expect(try limits.read("pids", "pids.max", "pids.max") == "17")
    }

    @Test(
        "user, host name, working directory, a volume and a read-only root file system are set up",
        arguments: runtimesUnderTest)
    func volume(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        let shared = try scratch.directory("shared")
        try scratch.file("shared/file", "from outside\n")
        let outcome = try podman.command(
            "run", "--rm", "--read-only", "--network", "none", "-v", "\(shared):/shared", "--user", "1000:1000",
            "--workdir", "/tmp", "--hostname", "boat", "busybox", "sh", "-c",
            "hostname; pwd; id -u; touch /x 2>/dev/null || echo refused; cat /shared/file"
        ).run()
        #expect(outcome.output == "boat\n/tmp\n1000\nrefused\nfrom outside\n", "\(outcome)")
    }

    @Test("pause, stats, update and restart of a container that runs", arguments: runtimesUnderTest)
    func running(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        try podman.command("run", "-d", "--network", "none", "--name", "c", "busybox", "sleep", "1000").succeed()
        try podman.command("pause", "c").succeed()
        #expect(try podman.command("inspect", "--format", "{{.State.Status}}", "c").succeed() == "paused\n")
        try podman.command("unpause", "c").succeed()
        let line = try podman.command("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "c").succeed()
        #expect(line == "c 1\n")
        try podman.command("update", "--memory", "32m", "c").succeed()
        let limits = try Limits(
            of: try podman.command("inspect", "--format", "{{.State.Pid}}", "c").succeed().filter(\.isNumber))
        #expect(try limits.read("memory", "memory.limit_in_bytes", "memory.max") == "33554432")
        #expect(try podman.command("top", "c", "pid", "args").succeed().contains("sleep 1000"))
        try podman.command("restart", "--time", "0", "c").succeed()
        #expect(try podman.command("ps", "--format", "{{.Status}}").succeed().hasPrefix("Up"))
    }

    @Test("health checks run inside", arguments: runtimesUnderTest)
    func health(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        let check = ["--health-cmd", "test -e /tmp/ok", "--health-interval", "disable", "--health-retries", "1"]
        try podman.command(["run", "-d", "--network", "none", "--name", "c"] + check + ["busybox", "sleep", "1000"])
            .succeed()
        #expect(try podman.command("healthcheck", "run", "c").run().status == 1)
        try podman.command("exec", "c", "touch", "/tmp/ok").succeed()
        #expect(try podman.command("healthcheck", "run", "c").run().status == 0)
    }

    @Test("an init, and a pod whose containers share their namespaces", arguments: runtimesUnderTest)
    func pods(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        let first = podman.command("run", "--rm", "--init", "--network", "none", "busybox", "cat", "/proc/1/cmdline")
        #expect(try first.succeed().contains("podman-init"))
        try podman.command("pod", "create", "--name", "pod", "--network", "none", "--share", "net,ipc,uts,pid")
            .succeed()
        try podman.command("run", "-d", "--pod", "pod", "--name", "c", "busybox", "sleep", "1000").succeed()
        #expect(try podman.command("run", "--rm", "--pod", "pod", "busybox", "ps").succeed().contains("sleep 1000"))
        #expect(try podman.command("generate", "kube", "pod").succeed().contains("sleep"))
        // On a hybrid layout podman removes all of it and then fails over the cgroup that it made for conmon.
        _ = try podman.command("pod", "rm", "--force", "--time", "0", "pod").run()
        #expect(try podman.command("ps", "--all", "--quiet").succeed() == "")
    }

    @Test("exec on a terminal, as another user, with input", arguments: runtimesUnderTest)
    func exec(_ runtime: String) throws {
        let podman = try Podman(in: scratch, runtime: runtime)
        try podman.command("run", "-d", "--network", "none", "--name", "c", "busybox", "sleep", "1000").succeed()
        let terminal = try podman.command("exec", "-it", "c", "sh").startOnTerminal(TerminalSize(columns: 91, rows: 31))
        try terminal.waitForOutput("#", within: 30)
        try terminal.send("tty; stty size; exit 4\n")
        let outcome = try terminal.wait(within: 30)
        #expect(outcome.status == 4 && outcome.output.contains("/dev/pts/"), "\(outcome)")
        #expect(outcome.output.contains("31 91"), "\(outcome)")
        let user = podman.command(
            "exec", "--user", "1000:10", "--workdir", "/tmp", "c", "sh", "-c", "id -u; id -g; pwd")
        #expect(try user.succeed() == "1000\n10\n/tmp\n")
        let input = podman.command("exec", "-i", "c", "cat").changed { $0.input = .text("through exec\n") }
        #expect(try input.succeed() == "through exec\n")
    }
}
