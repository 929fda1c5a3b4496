import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Limits as the kernel has them afterwards, on whichever version of cgroups the machine has.
@Suite("A container's cgroups hold what linux.resources says", .leavesNothingBehind)
struct CgroupTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// A container that waits, with these resources, in a cgroup below `/wherry-test`.
    private func container(
        _ resources: Resources, running arguments: [String] = ["sleep", "1000"], path: String? = nil
    ) throws -> Container {
        let bundle = try Bundle(in: scratch, running: arguments) {
            $0.linux?.resources = resources
            $0.linux?.cgroupsPath = path
        }
        return try Container(bundle, in: scratch, by: .wherry)
    }

    /// The content of a file of the cgroup that a process is in, by its name on v1 and on v2.
    private func file(_ pid: Int32?, _ controller: String, _ legacy: String, _ unified: String) throws -> String {
        let pid = try #require(pid)
        let isUnified = try Machine.hasUnifiedCgroups
        for line in try Files.read("/proc/\(pid)/cgroup").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            if isUnified { return try Files.read("/sys/fs/cgroup\(fields[2])/\(unified)") }
            if fields[1] == controller { return try Files.read("/sys/fs/cgroup/\(controller)\(fields[2])/\(legacy)") }
        }
        throw HarnessError("process \(pid) is in no cgroup with \(controller)")
    }

    @Test("memory, swap, processes, CPU time and CPUs are limited")
    func limits() throws {
        let container = try container(
            Resources(
                memory: MemoryResources(limit: 64 << 20, swap: 96 << 20),
                cpu: CPUResources(shares: 512, quota: 50_000, period: 100_000, cpus: "0"),
                pids: ProcessResources(limit: 17)))
        #expect(try container.create().status == 0)
        let pid = try container.pid
        let isUnified = try Machine.hasUnifiedCgroups
        #expect(try file(pid, "memory", "memory.limit_in_bytes", "memory.max") == "\(64 << 20)\n")
        let swap = try file(pid, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max")
        #expect(swap == (isUnified ? "\(32 << 20)\n" : "\(96 << 20)\n"))
        #expect(try file(pid, "pids", "pids.max", "pids.max") == "17\n")
        #expect(try file(pid, "cpu", "cpu.shares", "cpu.weight") == (isUnified ? "59\n" : "512\n"))
        #expect(try file(pid, "cpu", "cpu.cfs_quota_us", "cpu.max") == (isUnified ? "50000 100000\n" : "50000\n"))
        #expect(try file(pid, "cpuset", "cpuset.cpus", "cpuset.cpus") == "0\n")
    }

    @Test("a process that needs more memory than it may have is killed")
    func outOfMemory() throws {
        let container = try container(
            Resources(memory: MemoryResources(limit: 24 << 20, swap: 24 << 20)),
            running: ["sh", "-c", "tail -c 99m /dev/zero >/dev/null; echo $?"])
        #expect(try container.run().output == "137\n")
    }

    @Test("a container can start no more processes than it may")
    func processes() throws {
        let container = try container(
            Resources(pids: ProcessResources(limit: 5)),
            running: ["sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 100 & done; wait"])
        let outcome = try container.run()
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("fork"), "\(outcome)")
    }

    /// Writing nothing asks for no privilege of the device's own, which reading the kernel's messages would.
    /// Processes that help to make a container count, too: they must be gone, or outside, when the limit comes.
    @Test("a limit of one process holds for one that joins namespaces, and does not keep it from starting")
    func oneProcess() throws {
        let holder = try container(Resources())
        #expect(try holder.create().status == 0)
        let pid = try #require(try holder.pid)
        let bundle = try Bundle(
            in: scratch, named: "joiner",
            running: ["sh", "-c", "test -c /dev/own && cat /proc/1/comm & wait; echo ran"]
        ) {
            $0.linux?.resources = Resources(
                devices: [DeviceRule(allow: false, access: "rwm")], pids: ProcessResources(limit: 1))
            $0.linux?.devices = [Device(path: "/dev/own", type: "c", major: 1, minor: 11)]
            $0.linux?.namespaces?.removeAll { $0.type == .pid || $0.type == .ipc }
            for name in ["pid", "ipc"] {
                let type: NamespaceType = name == "pid" ? .pid : .ipc
                $0.linux?.namespaces?.append(Namespace(type: type, path: "/proc/\(pid)/ns/\(name)"))
            }
        }
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        #expect(outcome.errors.contains("fork"), "\(outcome)")
        try bundle.change { $0.process?.args = ["sh", "-c", "test -c /dev/own && echo ran"] }
        #expect(try Container(bundle, in: scratch, by: .wherry).run().output == "ran\n")
    }

    /// bfq's kernels have the file in every cgroup but the root; on others there is none.
    @Test("a weight of block I/O is in the scheduler's file, or is refused with the file that is missing")
    func blockWeight() throws {
        let container = try container(Resources(blockIO: BlockIOResources(weight: 500)))
        let outcome = try container.create()
        guard outcome.status == 0 else {
            #expect(outcome.errors.contains("weight of cgroup"), "\(outcome)")
            return
        }
        let pid = try container.pid
        let texts = [("blkio.bfq.weight", "io.bfq.weight"), ("blkio.weight", "io.weight")].compactMap {
            try? file(pid, "blkio", $0.0, $0.1)
        }
        #expect(texts.contains { $0.contains("500") || $0.contains("4950") }, "\(texts)")
    }

    @Test("a device that is not allowed cannot be opened, and one that is can")
    func devices() throws {
        let script = """
            for node in "zero 1 5" "kmsg 1 11" "full 1 7"; do set -- $node
            mknod /dev/x$1 c $2 $3 && (: > /dev/x$1) 2>/dev/null && echo $1; done
            """
        let rules = [DeviceRule(allow: false, access: "rwm")]
        for more in [[], [DeviceRule(allow: true, type: "c", major: 1, minor: 11, access: "w")]] {
            let bundle = try Bundle(in: scratch, named: "bundle-\(more.count)", running: ["sh", "-c", script]) {
                $0.linux?.resources = Resources(devices: rules + more)
                let capabilities = ["CAP_MKNOD", "CAP_DAC_OVERRIDE"]
                $0.process?.capabilities = Capabilities(
                    bounding: capabilities, effective: capabilities, permitted: capabilities)
            }
            let outcome = try Container(bundle, in: scratch, by: .wherry).run()
            #expect(outcome.lines == (more.isEmpty ? ["zero", "full"] : ["zero", "kmsg", "full"]), "\(outcome)")
        }
    }

    @Test("cgroupsPath says where, and delete removes it")
    func place() throws {
        let path = "/wherry-test-\(ThisProcess.pid)/inner"
        let container = try container(Resources(), path: path)
        #expect(try container.create().status == 0)
        let pid = try #require(try container.pid)
        let lines = try Files.read("/proc/\(pid)/cgroup").split(separator: "\n")
        #expect(!lines.isEmpty && lines.allSatisfy { $0.hasSuffix(":" + path) }, "\(lines)")
        let directories = lines.map { line in line.split(separator: ":", omittingEmptySubsequences: false) }
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
        for fields in directories {
            let mount = fields[1].isEmpty ? "unified" : fields[1].split(separator: "=").last.map(String.init) ?? ""
            let parent = "/sys/fs/cgroup/\(try Machine.hasUnifiedCgroups ? "" : mount)/wherry-test-\(ThisProcess.pid)"
            #expect(!Files.exists(parent + "/inner"))
            // The cgroup above is left, as runc leaves it: others may use it.
            try? Descriptor.workingDirectory.removeDirectory(parent)
        }
    }

    @Test("a cgroup with processes of others in it is refused, and left as it is")
    func notEmpty() throws {
        let path = "/wherry-test-\(ThisProcess.pid)-used"
        let first = try container(Resources(), path: path)
        #expect(try first.create().status == 0)
        let second = try Container(first.bundle, in: scratch, by: .wherry)
        let outcome = try second.run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("container's cgroup is not empty"), "\(outcome)")
        #expect(try first.state().output.contains("created"))
    }

    @Test("a container whose state cannot be kept leaves the processes of its cgroup alone, which may be others'")
    func undoing() throws {
        let first = try container(Resources(), path: "/wherry-test-\(ThisProcess.pid)-others")
        #expect(try first.create().status == 0)
        let second = try Container(first.bundle, in: scratch, by: .wherry)
        // More than there is room for.
        try first.bundle.change { $0.annotations = ["large": String(repeating: "x", count: 10_000)] }
        try Command("mount", ["-t", "tmpfs", "-o", "size=4k", "none", second.root]).succeed()
        let outcome = try second.run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("cannot write the container's state"), "\(outcome)")
        #expect(Files.names(in: second.root).isEmpty)
        #expect(try first.state().output.contains("created"))
        #expect(try first.start().status == 0)
        #expect(try first.state().output.contains("running"))
        try Command("umount", [second.root]).succeed()
    }

    @Test("exec enters the container's cgroups, and pause stops what is in them")
    func execAndPause() throws {
        let container = try container(Resources(pids: ProcessResources(limit: 50)))
        #expect(try container.create().status == 0)
        try container.start()
        let question = "cat /proc/1/cgroup; echo; cat /proc/self/cgroup"
        let answers = try container.command("exec", [container.id, "sh", "-c", question]).succeed()
            .split(separator: "\n\n", maxSplits: 1).map { $0.split(separator: "\n") }
        #expect(answers.count == 2 && answers[0] == answers[1], "\(answers)")
        #expect(try container.command("pause", [container.id]).run().status == 0)
        #expect(try container.state().output.contains("paused"))
        let refused = try container.command("exec", [container.id, "true"]).run()
        #expect(refused.status == 255)
        #expect(refused.errors.contains("paused"), "\(refused)")
        #expect(try container.command("resume", [container.id]).run().status == 0)
        #expect(try container.state().output.contains("running"))
    }

    @Test("checkBeforeUpdate keeps what is in use from being taken away (cgroup v2)")
    func checkBeforeUpdate() throws {
        guard try Machine.hasUnifiedCgroups else { return }
        let container = try container(Resources())
        #expect(try container.create().status == 0)
        for (swap, words) in [
            ("", "rejecting memory limit 1024"), ("\"swap\":2048,", "rejecting memory+swap limit 2048"),
        ] {
            let document = "{\"memory\":{\"limit\":1024,\(swap)\"checkBeforeUpdate\":true}}"
            let outcome = try container.command("update", ["--resources", "-", container.id])
                .changed { $0.input = .text(document) }.run()
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(words), "\(outcome)")
        }
        #expect(try container.state().output.contains("created"))
    }

    @Test("update changes limits of a container that runs, and leaves the others alone")
    func update() throws {
        let container = try container(
            Resources(memory: MemoryResources(limit: 64 << 20), pids: ProcessResources(limit: 17)))
        #expect(try container.create().status == 0)
        try container.command("update", ["--pids-limit", "23", container.id]).succeed()
        let pid = try container.pid
        #expect(try file(pid, "pids", "pids.max", "pids.max") == "23\n")
        #expect(try file(pid, "memory", "memory.limit_in_bytes", "memory.max") == "\(64 << 20)\n")
    }

    @Test("events tells of want of memory when it is, and ends with the container")
    func events() throws {
        let container = try container(Resources(memory: MemoryResources(limit: 24 << 20, swap: 24 << 20)))
        #expect(try container.create().status == 0)
        try container.start()
        let events = try container.command("events", ["--interval", "100ms", container.id]).start()
        // By the first of them it watches.
        try events.waitForOutput("\"type\":\"stats\"")
        let glutton = "tail -c 99m /dev/zero >/dev/null"
        #expect(try container.command("exec", [container.id, "sh", "-c", glutton]).run().status == 128 + Signal.kill)
        try events.waitForOutput("{\"type\":\"oom\",\"id\":\"\(container.id)\"}\n")
        try container.command("kill", [container.id, "KILL"]).succeed()
        _ = try container.waitForEnd()
        #expect(try events.wait().status == 0)
        let stopped = try container.command("events", [container.id]).run()
        #expect(stopped.errors.contains("container with id \(container.id) is not running"))
    }

    @Test("events succeeds whenever the container ends, while it gathers statistics too")
    func eventsEnding() throws {
        for _ in 0..<10 {
            let container = try container(Resources())
            #expect(try container.create().status == 0)
            try container.start()
            let events = try container.command("events", ["--interval", "1us", container.id]).start()
            try events.waitForOutput("\"type\":\"stats\"")
            try container.command("kill", [container.id, "KILL"]).succeed()
            let outcome = try events.wait()
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test("exec --ignore-paused waits in a paused container, and goes on with it")
    func execPaused() throws {
        let container = try container(Resources())
        #expect(try container.create().status == 0)
        try container.start()
        try container.command("pause", [container.id]).succeed()
        let joined = try container.command("exec", ["--ignore-paused", container.id, "echo", "ran"]).start()
        try eventually("the process is among the container's") {
            let text = try container.command("ps", ["--format", "json", container.id]).succeed()
            return text.split(separator: ",").count == 2
        }
        #expect(try !joined.hasEnded)
        try container.command("resume", [container.id]).succeed()
        #expect(try joined.wait().output == "ran\n")
    }

    @Test(
        "exec into a container that ends meanwhile runs, is killed, or is refused; it neither hangs nor leaves anything"
    )
    func execEnding() throws {
        for _ in 0..<10 {
            let container = try container(Resources())
            #expect(try container.create().status == 0)
            try container.start()
            let joined = try container.command("exec", [container.id, "true"]).start()
            try container.command("kill", [container.id, "KILL"]).succeed()
            let outcome = try joined.wait()
            #expect([0, 128 + Signal.kill, 255].contains(outcome.status), "\(outcome)")
            #expect((outcome.status == 255) == outcome.errors.contains("exec failed: "), "\(outcome)")
            _ = try container.waitForEnd()
            #expect(
                try container.command("exec", [container.id, "true"]).run().errors.contains("container not running"))
            try container.command("delete", [container.id]).succeed()
        }
    }
}
