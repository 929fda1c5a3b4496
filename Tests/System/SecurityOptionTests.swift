import Harness
import LinuxKernel
import Testing

@Suite("What the options of security ask for is what the container gets", .leavesNothingBehind)
struct SecurityOptionTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    private func run(_ options: [String], _ script: String) throws -> Outcome {
        try supervisor.wherry(["run", "--rm"] + options + ["busybox", "sh", "-c", script]).run()
    }

    @Test("capabilities, no new privileges, seccomp profiles")
    func security() throws {
        let status = "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | tr -d '\\t'"
        let restrained = try run(
            ["--security-opt", "no-new-privileges", "--cap-drop", "all", "--cap-add", "Chown"], status)
        let one = "0000000000000001", none = "0000000000000000"
        let expected = [
            "CapInh:\(none)", "CapPrm:\(one)", "CapEff:\(one)", "CapBnd:\(one)", "CapAmb:\(none)", "NoNewPrivs:1",
            "Seccomp:2",
        ]
        #expect(restrained.lines == expected, "\(restrained)")
        let free = try run(["--security-opt", "seccomp=unconfined"], status)
        #expect(free.lines.contains("Seccomp:0"), "\(free)")
        let profile = try scratch.file(
            "profile.json",
            #"""
            {"defaultAction":"SCMP_ACT_ALLOW",
            "syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}
            """#)
        let refused = try run(["--security-opt", "seccomp=\(profile)"], "mkdir /x")
        #expect(refused.errors.contains("Function not implemented"), "\(refused)")
    }

    @Test("what cannot be had is refused by name, and nothing is made")
    func refusals() throws {
        for (options, word) in [
            (["--cap-add", "FLY"], "FLY"), (["--security-opt", "frob=1"], "frob=1"),
            (["--security-opt", "label=type:x"], "SELinux"), (["--security-opt", "seccomp=/none"], "/none"),
            (["--ulimit", "nofile=2:1"], "nofile"), (["--sysctl", "vm.swappiness=1"], "vm.swappiness"),
            (["--network", "host", "--sysctl", "net.ipv4.ip_forward=1"], "net.ipv4.ip_forward"),
            (["--group-add", "nosuch"], "nosuch"), (["--device", "/dev/none"], "/dev/none"),
            (["--device-cgroup-rule", "x"], "'x'"), (["--tmpfs", "/a:frob"], "frob"),
            (["--oom-score-adj", "1001"], "1001"),
        ] {
            let outcome = try run(options, "true")
            #expect(outcome.status == 125 && outcome.errors.contains(word), "\(outcome)")
        }
        #expect(try supervisor.wherry("ps", "--all", "--quiet").succeed() == "")
    }

    @Test("a profile of AppArmor that is not there is an error, and where the kernel has none the refusal says so")
    func appArmor() throws {
        let hasAppArmor = (try? Files.read("/sys/module/apparmor/parameters/enabled")) == "Y\n"
        let outcome = try run(["--security-opt", "apparmor=no-such-profile"], "true")
        #expect(outcome.status != 0, "\(outcome)")
        #expect(hasAppArmor || outcome.errors.contains("AppArmor is not enabled"), "\(outcome)")
        #expect(try run(["--security-opt", "apparmor=unconfined"], "echo free").output == "free\n")
    }

    @Test("the default filter lets nobody mount; with CAP_SYS_ADMIN it does, and every capability still has a filter")
    func mounting() throws {
        let mount = "mount -t tmpfs x /tmp && echo mounted"
        #expect(try run([], mount).status != 0)
        #expect(try run(["--cap-add", "SYS_ADMIN"], mount).output == "mounted\n")
        let all = try run(["--cap-add", "ALL"], mount + "; grep Seccomp: /proc/self/status")
        #expect(all.output == "mounted\nSeccomp:\t2\n", "\(all)")
    }

    @Test("a privileged container has what the supervisor has, the host's devices, and may write to sysfs")
    func privileged() throws {
        let mine = try Command("grep", ["^CapPrm", "/proc/self/status"]).succeed().split(separator: "\t").last
        let script = "grep ^CapEff /proc/self/status | cut -f 2; ls /dev | wc -l; mount -t tmpfs x /tmp && echo mounted"
        let outcome = try run(["--privileged"], script + "; touch /sys/x 2>&1; grep Seccomp: /proc/self/status")
        #expect(outcome.lines.first.map { $0 + "\n" } == mine.map(String.init), "\(outcome)")
        #expect(Int(outcome.lines[1]) ?? 0 > 20 && outcome.lines[2] == "mounted", "\(outcome)")
        #expect(!outcome.lines[3].contains("Read-only") && outcome.lines.last == "Seccomp:\t0", "\(outcome)")
        let inside = try run([], "touch /sys/x 2>&1; cat /proc/kcore | wc -c; ls /dev | wc -l")
        #expect(inside.lines[0].contains("Read-only") && inside.lines[1] == "0", "\(inside)")
        #expect(Int(inside.lines[2]) ?? 99 < 20, "\(inside)")
    }

    @Test("process: user, groups, limits, kernel parameters, the kernel's readiness to kill, an init")
    func process() throws {
        let options = [
            "--user", "1000", "--group-add", "44", "--group-add", "wheel", "--ulimit", "nofile=500:600",
            "--oom-score-adj",
            "300", "--sysctl", "net.ipv4.ip_unprivileged_port_start=7",
        ]
        let script = """
            id -G; ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj; cat /proc/sys/net/ipv4/ip_unprivileged_port_start
            """
        let outcome = try run(options, script)
        #expect(outcome.lines.dropFirst() == ["500", "600", "300", "7"], "\(outcome)")
        #expect(Set(outcome.lines[0].split(separator: " ")).isSuperset(of: ["44", "10"]), "\(outcome)")
        let withInit = try run(["--init"], "cat /proc/1/cmdline | tr '\\0' ' '; (sleep 0 &); exit 7")
        #expect(withInit.output.hasPrefix("/sbin/wherry-init -- sh -c") && withInit.status == 7, "\(withInit)")
    }

    @Test("file systems: a read-only root, a tmpfs, devices by mode")
    func fileSystems() throws {
        let outcome = try run(
            ["--read-only", "--tmpfs", "/scratch:size=1m,mode=700"],
            "touch /x /etc/hosts || touch /scratch/x && df -k /scratch | tail -1")
        #expect(
            outcome.errors.contains("/x: Read-only") && outcome.errors.contains("/etc/hosts: Read-only"), "\(outcome)")
        #expect(outcome.output.contains(" 1024 "), "\(outcome)")
        let device = try run(["--device", "/dev/kmsg:/dev/boat:r"], "ls -l /dev/boat; echo x >/dev/boat")
        #expect(device.output.hasPrefix("crw-") && device.output.contains(" 1,  11 "), "\(device)")
        #expect(device.errors.contains("Operation not permitted"), "\(device)")
        // The kernel's log, for those who have CAP_SYSLOG.
        let rule = ["--cap-add", "SYSLOG", "--device-cgroup-rule", "c 1:11 r"]
        let node = "mknod /k c 1 11; : </k && echo opened"
        #expect(try run(rule, node).output == "opened\n")
        #expect(try run(["--cap-add", "SYSLOG"], node).output == "")
    }

    @Test("exec has what the container has, and inspect tells what was asked for")
    func exec() throws {
        try supervisor.wherry(
            "run", "-d", "--name", "boat", "--cap-add", "NET_ADMIN", "--cap-drop", "CHOWN", "--security-opt",
            "no-new-privileges", "--ulimit", "core=1", "--group-add", "44", "--tmpfs", "/t", "--device", "/dev/kmsg",
            "busybox", "sleep", "1000"
        ).succeed()
        let inside = "grep -E '^(CapBnd|NoNewPrivs)' /proc/1/status; ulimit -c; id -G"
        let exec = "grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status; ulimit -c; id -G"
        let outcome = try supervisor.wherry("exec", "boat", "sh", "-c", exec).run()
        #expect(try outcome.output == supervisor.wherry("exec", "boat", "sh", "-c", inside).run().output)
        #expect(outcome.lines[1] == "NoNewPrivs:\t1" && outcome.lines.last?.contains("44") == true, "\(outcome)")
        let format = """
            {{.HostConfig.CapAdd}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.GroupAdd}} \
            {{(index .HostConfig.Ulimits 0).Name}} {{(index .HostConfig.Devices 0).PathOnHost}} {{.HostConfig.Privileged}} \
            {{.HostConfig.Tmpfs}}
            """
        let told = try supervisor.wherry("inspect", "--format", format, "boat").succeed()
        #expect(told == "[NET_ADMIN] [CHOWN] [no-new-privileges] [44] core /dev/kmsg false map[/t:]\n")
    }

    @Test("runc and crun run it as well", arguments: ["runc", "crun"])
    func otherRuntimes(_ name: String) throws {
        let other = try Supervisor(in: Scratch(), options: ["--runtime", try scratch.otherRuntime(name)])
        try other.importBusybox()
        let options = [
            "--cap-drop", "ALL", "--cap-add", "CHOWN", "--security-opt", "no-new-privileges", "--read-only", "--tmpfs",
            "/t",
            "--ulimit", "nofile=500:600", "--init", "--device", "/dev/kmsg", "--group-add", "44", "--sysctl",
            "net.ipv4.ip_unprivileged_port_start=7", "--oom-score-adj", "300",
        ]
        let script =
            "grep CapBnd /proc/self/status; ulimit -n; touch /t/x && echo written; test -c /dev/kmsg && echo device"
        let outcome = try other.wherry(["run", "--rm"] + options + ["busybox", "sh", "-c", script]).run()
        #expect(outcome.lines == ["CapBnd:\t0000000000000001", "500", "written", "device"], "\(outcome)")
        let privileged = try other.wherry("run", "--rm", "--privileged", "busybox", "sh", "-c", "ls /dev | wc -l").run()
        #expect(Int(privileged.lines.first ?? "") ?? 0 > 20, "\(privileged)")
    }
}
