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
        let limited = try podman.command(
            "run", "-d", "--network", "none", "--memory", "64m", "--pids-limit", "17", "--name", "c", "busybox",
            "sleep", "1000")
        try limited.succeed()
        let pid = try podman.command("inspect", "--format", "{{.State.Pid}}", "c").succeed()
        let cgroups = try Files.read("/proc/\(pid.split(separator: "\n")[0])/cgroup")
        #expect(try limit(cgroups, "memory", "memory.limit_in_bytes", "memory.max") == "67108864\n")
        #expect(try limit(cgroups, "pids", "pids.max", "pids.max") == "17\n")
    }

    /// Reads a limit by `/proc/PID/cgroup`'s lines, from version 1 or 2.
    private func limit(_ cgroups: String, _ controller: String, _ legacy: String, _ unified: String) throws -> String {
        for line in cgroups.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            let isUnified = try Machine.hasUnifiedCgroups
            if isUnified { return try Files.read("/sys/fs/cgroup\(fields[2])/\(unified)") }
            if fields[1] == controller { return try Files.read("/sys/fs/cgroup/\(controller)\(fields[2])/\(legacy)") }
        }
        throw HarnessError("no controller \(controller) in \(cgroups)")
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
}
