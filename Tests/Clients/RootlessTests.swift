import Harness
import LinuxKernel
import Testing

@Suite("podman of an ordinary user drives the runtime", .leavesNothingBehind)
struct RootlessTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("run, exec, a terminal, restart and kill, on fuse-overlayfs and slirp4netns", arguments: runtimesUnderTest)
    func lifecycle(_ runtime: String) throws {
        let podman = try RootlessPodman(in: scratch, runtime: runtime, driver: "overlay")
        try podman.command(
            "run", "-d", "--network", "slirp4netns", "--name", "c", "busybox", "sh", "-c", "echo hi; exec sleep 1000"
        ).succeed()
        let exec = try podman.command("exec", "c", "sh", "-c", "id -u; ip address show tap0; exit 5").run()
        #expect(exec.status == 5 && exec.output.hasPrefix("0\n") && exec.output.contains("10.0.2.100"), "\(exec)")
        let terminal = try podman.command("exec", "-it", "c", "sh").startOnTerminal(TerminalSize(columns: 91, rows: 31))
        try terminal.waitForOutput("#", within: 30)
        try terminal.send("stty size; exit 4\n")
        #expect(try terminal.wait(within: 30).status == 4)
        #expect(terminal.outputSoFar.contains("31 91"), "\(terminal.outputSoFar)")
        #expect(try podman.command("logs", "c").succeed() == "hi\n")
        try podman.command("restart", "--time", "0", "c").succeed()
        try podman.command("kill", "c").succeed()
        #expect(try podman.command("wait", "c").succeed() == "137\n")
        try podman.command("start", "c").succeed()
        try podman.command("stop", "--time", "0", "c").succeed()
    }

    @Test("users, capabilities, read-only root, a device, the host's namespaces, on vfs", arguments: runtimesUnderTest)
    func options(_ runtime: String) throws {
        let podman = try RootlessPodman(in: scratch, runtime: runtime, driver: "vfs")
        func run(_ options: [String], _ script: String) throws -> Outcome {
            try podman.command(["run", "--rm", "--network", "none"] + options + ["busybox", "sh", "-c", script]).run()
        }
        let plain = try run([], "echo hi; exit 7")
        #expect(plain.output == "hi\n" && plain.status == 7, "\(plain)")
        let user = try run(["--user", "1000:1000", "--userns", "keep-id"], "id -u; id -g")
        #expect(user.output == "1000\n1000\n", "\(user)")
        let restrained = try run(
            ["--security-opt", "no-new-privileges", "--cap-drop", "all", "--read-only"],
            "grep -E '^(CapEff|NoNewPrivs|Seccomp:)' /proc/self/status | cut -f 2; touch /x")
        #expect(restrained.output == "0000000000000000\n1\n2\n", "\(restrained)")
        #expect(restrained.errors.contains("Read-only"), "\(restrained)")
        let device = try run(["--device", "/dev/zero"], "head -c 3 /dev/zero | wc -c")
        #expect(device.output == "3\n", "\(device)")
        #expect(try run(["--pid", "host", "--uts", "host"], "true").status == 0)
        #expect(try run(["--init"], "cat /proc/1/cmdline").output.contains("podman-init"))
    }

    @Test("health checks run inside, and a pod's containers share their namespaces", arguments: runtimesUnderTest)
    func more(_ runtime: String) throws {
        let podman = try RootlessPodman(in: scratch, runtime: runtime, driver: "vfs")
        try podman.command("pod", "create", "--name", "pod", "--network", "none", "--share", "net,ipc,uts,pid")
            .succeed()
        let check = ["--health-cmd", "test -e /tmp/ok", "--health-interval", "disable", "--health-retries", "1"]
        try podman.command(["run", "-d", "--pod", "pod", "--name", "c"] + check + ["busybox", "sleep", "1000"])
            .succeed()
        #expect(try podman.command("healthcheck", "run", "c").run().status == 1)
        try podman.command("exec", "c", "touch", "/tmp/ok").succeed()
        #expect(try podman.command("healthcheck", "run", "c").run().status == 0)
        #expect(try podman.command("run", "--rm", "--pod", "pod", "busybox", "ps").succeed().contains("sleep 1000"))
        _ = try podman.command("pod", "rm", "--force", "--time", "0", "pod").run()
        #expect(try podman.command("ps", "--all", "--quiet").succeed() == "")
    }
}
