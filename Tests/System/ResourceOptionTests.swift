import Harness
import LinuxKernel
import Testing

@Suite("Limits are what was asked for, from the start and after an update", .leavesNothingBehind)
struct ResourceOptionTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    /// A file of the cgroup that the container's first process is in, named as version 1 and as version 2 have it.
    private func control(
        _ controller: String, _ legacy: String, _ unified: String, of container: String, by supervisor: Supervisor
    ) throws -> String {
        let pid = try supervisor.wherry("inspect", "--format", "{{.State.Pid}}", container).succeed().filter {
            $0 != "\n"
        }
        let isUnified = Files.exists("/sys/fs/cgroup/cgroup.controllers")
        for line in try Files.read("/proc/\(pid)/cgroup").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard isUnified || fields[1].split(separator: ",").contains(Substring(controller)) else { continue }
            let folder = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(controller)"
            return try Files.read("\(folder)\(fields[2])/\(isUnified ? unified : legacy)").filter { $0 != "\n" }
        }
        throw HarnessError("no controller \(controller)")
    }

    private func memory(_ container: String, _ supervisor: Supervisor? = nil) throws -> String {
        try control(
            "memory", "memory.limit_in_bytes", "memory.max", of: container, by: supervisor ?? self.supervisor)
    }
    private func processes(_ container: String, _ supervisor: Supervisor? = nil) throws -> String {
        try control("pids", "pids.max", "pids.max", of: container, by: supervisor ?? self.supervisor)
    }

    @Test("run limits memory, processes, processors and shared memory")
    func run() throws {
        try supervisor.wherry(
            "run", "-d", "--name", "boat", "-m", "64m", "--pids-limit", "50", "--cpus", "0.5", "--cpuset-cpus", "0",
            "--shm-size", "3m", "busybox", "sleep", "1000"
        ).succeed()
        #expect(try memory("boat") == "\(64 << 20)")
        #expect(try processes("boat") == "50")
        let quota = try control("cpu", "cpu.cfs_quota_us", "cpu.max", of: "boat", by: supervisor)
        #expect(["50000", "50000 100000"].contains(quota))
        #expect(try control("cpuset", "cpuset.cpus", "cpuset.cpus", of: "boat", by: supervisor) == "0")
        let shm = try supervisor.wherry("exec", "boat", "df", "-k", "/dev/shm").succeed()
        #expect(shm.contains(" 3072 "))
        let format = "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{.HostConfig.ShmSize}}"
        let told = try supervisor.wherry("inspect", "--format", format, "boat").succeed()
        #expect(told == "\(64 << 20) 500000000 50 \(3 << 20)\n")
    }

    @Test("update changes a running container at once, and the next start has it too, after another supervisor")
    func update() throws {
        try supervisor.wherry(
            "run", "-d", "--name", "boat", "-m", "64m", "--stop-timeout", "0", "busybox", "sleep", "1000"
        ).succeed()
        #expect(
            try supervisor.wherry("update", "-m", "128m", "--memory-swap", "-1", "--pids-limit", "40", "boat").succeed()
                == "boat\n")
        #expect(try memory("boat") == "\(128 << 20)")
        #expect(try processes("boat") == "40")
        let refused = try supervisor.wherry("update", "--memory-reservation", "1g", "boat").run()
        #expect(refused.status == 1 && refused.errors.contains("--memory-reservation"), "\(refused)")
        try supervisor.wherry("stop", "boat").succeed()
        try supervisor.wherry("update", "--pids-limit", "30", "boat").succeed()
        try supervisor.stop()
        try supervisor.start()
        try supervisor.wherry("start", "boat").succeed()
        #expect(try memory("boat") == "\(128 << 20)")
        #expect(try processes("boat") == "30")
    }

    @Test("an update is finished whose supervisor was killed while the runtime was at it")
    func interruptedUpdate() throws {
        let (reached, fifo) = (try scratch.directory("update") + "/reached", scratch("update") + "/go")
        try Descriptor.workingDirectory.makeFIFO(fifo, mode: 0o600)
        let runtime = try scratch.file(
            "slow-runtime",
            """
            #!/bin/sh
            case " $* " in
            *" update "*) [ -e \(reached) ] || { touch \(reached); read go <\(fifo); exit 1; } ;;
            esac
            exec \(try Programs.wherryRuntime) "$@"

            """, mode: 0o755)
        let slow = try Supervisor(in: Scratch(), options: ["--runtime", runtime])
        try slow.importBusybox()
        try slow.wherry("run", "-d", "--name", "boat", "-m", "64m", "busybox", "sleep", "1000").succeed()
        let client = try slow.wherry("update", "-m", "128m", "boat").start()
        try eventually("the runtime is at it") { Files.exists(reached) }
        try slow.kill()
        _ = try client.wait()
        // It fails: what the next supervisor finds is its own doing.
        try Command("sh", ["-c", "echo >\(fifo)"]).succeed()
        try slow.start()
        #expect(try memory("boat", slow) == "\(128 << 20)")
        #expect(try slow.wherry("inspect", "--format", "{{.HostConfig.Memory}}", "boat").succeed() == "\(128 << 20)\n")
        try slow.wherry("rm", "--force", "boat").succeed()
    }

    @Test("runc and crun are limited and updated as well", arguments: ["runc", "crun"])
    func otherRuntimes(_ name: String) throws {
        let other = try Supervisor(in: Scratch(), options: ["--runtime", try scratch.otherRuntime(name)])
        try other.importBusybox()
        try other.wherry("run", "-d", "--name", "boat", "-m", "64m", "--pids-limit", "50", "busybox", "sleep", "1000")
            .succeed()
        #expect(try memory("boat", other) == "\(64 << 20)")
        try other.wherry("update", "-m", "32m", "--pids-limit", "40", "boat").succeed()
        #expect(try memory("boat", other) == "\(32 << 20)")
        #expect(try processes("boat", other) == "40")
    }

    @Test("a process that the kernel kills for want of memory is seen, counted and told")
    func outOfMemory() throws {
        // The shell waits for a child that takes more memory than there is.
        let script = "sh -c 'tail -c 99m /dev/zero >/dev/null'; echo child $?; exec sleep 1000"
        let client = try supervisor.wherry(
            "run", "--name", "boat", "-m", "16m", "--memory-swap", "16m", "busybox", "sh", "-c", script
        )
        .start()
        try client.waitForOutput("child")
        let told = try supervisor.wherry(
            "events", "--since", "0", "--filter", "event=oom", "--format", "{{.Action}} {{.Actor.Attributes.name}}"
        ).start()
        try told.waitForOutput("oom boat")
        try told.signal(Signal.interrupt)
        _ = try told.wait()
        #expect(try supervisor.wherry("inspect", "--format", "{{.State.OOMKilled}}", "boat").succeed() == "true\n")
        try supervisor.wherry("kill", "boat").succeed()
        _ = try client.wait()
        #expect(try supervisor.wherry("inspect", "--format", "{{.State.OOMKilled}}", "boat").succeed() == "true\n")
    }

    @Test("a container whose first process is killed for want of memory ends with 137, and OOMKilled; others do not")
    func outOfMemoryAtOnce() throws {
        let outcome = try supervisor.wherry(
            "run", "--name", "boat", "-m", "16m", "--memory-swap", "16m", "busybox", "tail", "/dev/zero"
        ).run()
        #expect(outcome.status == 137, "\(outcome)")
        #expect(try supervisor.wherry("inspect", "--format", "{{.State.OOMKilled}}", "boat").succeed() == "true\n")
        try supervisor.wherry("run", "--name", "other", "-m", "16m", "busybox", "true").succeed()
        #expect(try supervisor.wherry("inspect", "--format", "{{.State.OOMKilled}}", "other").succeed() == "false\n")
    }

    @Test("the cgroup's parent is the one that was asked for")
    func parent() throws {
        let name = "wherry-test-\(ThisProcess.pid)"
        defer {
            _ = try? Command("sh", ["-c", "rmdir /sys/fs/cgroup/\(name) /sys/fs/cgroup/*/\(name) 2>/dev/null"]).run()
        }
        try supervisor.wherry("run", "-d", "--name", "boat", "--cgroup-parent", name, "busybox", "sleep", "1000")
            .succeed()
        let pid = try supervisor.wherry("inspect", "--format", "{{.State.Pid}}", "boat").succeed().filter { $0 != "\n" }
        #expect(try Files.read("/proc/\(pid)/cgroup").contains("/\(name)/wherry-"))
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("what contradicts itself is refused, and nothing is made")
    func refusals() throws {
        for (options, word) in [
            (["-m", "1m"], "6MB"), (["--memory-swap", "64m"], "--memory-swap"), (["--cpus", "1000"], "CPUs"),
            (["--cpus", "x"], "'x'"), (["-m", "x"], "'x'"), (["--cpu-period", "1"], "--cpu-period"),
            (["--blkio-weight", "1"], "--blkio-weight"), (["--device-read-bps", "/none:1m"], "/none"),
            (["--device-read-bps", "x"], "'x'"), (["--cgroup-parent", "../x"], "../x"), (["--shm-size", "-1"], "'-1'"),
        ] {
            let outcome = try supervisor.wherry(["run", "--rm"] + options + ["busybox", "true"]).run()
            #expect(outcome.status == 125 && outcome.errors.contains(word), "\(outcome)")
        }
        #expect(try supervisor.wherry("ps", "--all", "--quiet").succeed() == "")
    }
}
