import Harness
import LinuxKernel
import Testing

@Suite("What docker's options ask for is what the container gets", .leavesNothingBehind)
struct DockerOptionTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("process: user, groups, directory, limits, environment, an init", arguments: runtimesUnderTest)
    func process(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        let options = [
            "--user", "1000", "--group-add", "44", "--workdir", "/made/for/it", "--ulimit", "nofile=500:600",
            "--oom-score-adj", "300", "--env", "WORD=given", "--hostname", "boat", "--shm-size", "3m",
            "--sysctl", "net.ipv4.ip_unprivileged_port_start=7",
        ]
        let script = """
            id; pwd; ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj; echo $WORD; hostname
            df -k /dev/shm | tail -1 | tr -s ' ' | cut -d ' ' -f 2; cat /proc/sys/net/ipv4/ip_unprivileged_port_start
            """
        let outcome = try docker.run(options, script)
        let identity = "uid=1000(alice) gid=1000(alice) groups=10(wheel),44,1000(alice)"
        let expected = [identity, "/made/for/it", "500", "600", "300", "given", "boat", "3072", "7"]
        #expect(outcome.lines == expected, "\(outcome)")
        let withInit = try docker.run(["--init"], "cat /proc/1/cmdline | tr '\\0' ' '")
        #expect(withInit.output.hasPrefix("/sbin/docker-init -- sh -c"), "\(withInit)")
    }

    @Test(
        "security: capabilities, no new privileges, seccomp profiles, a privileged container",
        arguments: runtimesUnderTest)
    func security(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        let status = "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | tr -d '\\t'"
        let restrained = try docker.run(
            ["--security-opt", "no-new-privileges", "--cap-drop", "ALL", "--cap-add", "CHOWN"], status)
        let one = "0000000000000001", none = "0000000000000000"
        let expected = [
            "CapInh:\(none)", "CapPrm:\(one)", "CapEff:\(one)", "CapBnd:\(one)", "CapAmb:\(none)", "NoNewPrivs:1",
            "Seccomp:2",
        ]
        #expect(restrained.lines == expected, "\(restrained)")
        let free = try docker.run(["--security-opt", "seccomp=unconfined"], status)
        #expect(free.lines.contains("Seccomp:0"), "\(free)")
        let profile = try scratch.file(
            "profile.json",
            #"""
            {"defaultAction":"SCMP_ACT_ALLOW",
            "syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}
            """#)
        let refused = try docker.run(["--security-opt", "seccomp=\(profile)"], "mkdir /x")
        #expect(refused.errors.contains("Function not implemented"), "\(refused)")
    }

    @Test("a privileged container has every capability that the runtime has itself, and the host's devices")
    func privileged() throws {
        // Where root has not every capability, runc fails: ours gives those that there are.
        let docker = try Docker(in: scratch, runtime: "wherry-runtime")
        let mine = try Command("grep", ["^CapPrm", "/proc/self/status"]).succeed()
        let outcome = try docker.run(
            ["--privileged"], "grep ^CapEff /proc/self/status; mount -t tmpfs x /tmp && ls /dev | wc -l")
        let own = try #require(number(mine)), given = try #require(number(outcome.output))
        // Docker asks for those that it knows by name, the lowest ones.
        #expect(given == own & (UInt64.max >> UInt64(given.leadingZeroBitCount)), "\(outcome)")
        #expect(Int(outcome.lines.last ?? "") ?? 0 > 20, "\(outcome)")
    }

    /// The hexadecimal number of a line of `/proc/PID/status`.
    private func number(_ status: String) -> UInt64? {
        status.split(separator: "\n").first?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    }

    @Test("namespaces: the host's, another container's, or its own", arguments: runtimesUnderTest)
    func namespaces(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        for kind in ["ipc", "pid", "uts"] {
            let link = "readlink /proc/self/ns/\(kind)"
            let hosts = try Command("readlink", ["/proc/self/ns/\(kind)"]).succeed()
            #expect(try docker.run(["--\(kind)", "host"], link).output == hosts)
            #expect(try docker.run([], link).output != hosts)
        }
        #expect(try docker.run(["--userns", "host"], "cat /proc/self/uid_map").output.contains(" 4294967295"))
        #expect(try docker.run(["--cgroupns", "private"], "grep -c docker /proc/self/cgroup").output == "0\n")
        #expect(try docker.run(["--cgroupns", "host"], "grep -q docker /proc/self/cgroup").status == 0)
        let network = try Command("readlink", ["/proc/self/ns/net"]).succeed()
        let onHost = docker.command("run", "--rm", "--network", "host", "busybox", "readlink", "/proc/self/ns/net")
        #expect(try onHost.succeed() == network)

        try docker.command(
            "run", "-di", "--network", "none", "--ipc", "shareable", "--name", "box", "busybox", "sh", "-c", "read x"
        ).succeed()
        let joining = docker.command(
            "run", "--rm", "--pid", "container:box", "--ipc", "container:box", "--network", "container:box", "busybox",
            "ps")
        #expect(try joining.succeed().contains("read x"))
    }

    @Test("file systems: read-only root, tmpfs, volumes, devices by mode", arguments: runtimesUnderTest)
    func fileSystems(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        let shared = try scratch.directory("shared")
        try scratch.file("shared/file", "from outside\n")
        let outcome = try docker.run(
            ["--read-only", "--tmpfs", "/scratch:size=1m,mode=700", "--volume", "\(shared):/shared:ro"],
            "touch /x /shared/x || touch /scratch/x && df -k /scratch | tail -1; cat /shared/file")
        #expect(
            outcome.errors.contains("/x: Read-only") && outcome.errors.contains("/shared/x: Read-only"), "\(outcome)")
        #expect(outcome.output.contains(" 1024 ") && outcome.output.hasSuffix("from outside\n"), "\(outcome)")
        let device = try docker.run(["--device", "/dev/kmsg:/dev/boat:r"], "ls -l /dev/boat; echo x >/dev/boat")
        #expect(device.output.hasPrefix("crw-") && device.output.contains(" 1,  11 "), "\(device)")
        #expect(device.errors.contains("Operation not permitted"), "\(device)")
        try docker.command(
            "run", "--network", "none", "--name", "box", "--volume", "/data", "busybox", "sh", "-c",
            "echo kept >/data/f"
        ).succeed()
        let reading = docker.command(
            "run", "--rm", "--network", "none", "--volumes-from", "box", "busybox", "cat", "/data/f")
        #expect(try reading.succeed() == "kept\n")
        try docker.command("rm", "--volumes", "box").succeed()
    }

    @Test("exec: user, directory, environment, privileges, in the background", arguments: runtimesUnderTest)
    func exec(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        try docker.command("run", "-di", "--network", "none", "--name", "box", "busybox").succeed()
        let exec = docker.command(
            "exec", "--user", "1000:10", "--workdir", "/tmp", "--env", "WORD=given", "box", "sh", "-c",
            "id -u; id -g; pwd; echo $WORD; grep CapEff /proc/self/status | cut -f 2")
        #expect(try exec.succeed() == "1000\n10\n/tmp\ngiven\n0000000000000000\n")
        try docker.command("exec", "--detach", "box", "touch", "/tmp/done").succeed()
        try eventually("the detached command has run") {
            try docker.command("exec", "box", "test", "-e", "/tmp/done").run().status == 0
        }
        let input = docker.command("exec", "-i", "box", "cat").changed { $0.input = .text("through exec\n") }
        #expect(try input.succeed() == "through exec\n")
    }
}
