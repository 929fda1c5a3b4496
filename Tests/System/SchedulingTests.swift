import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("A container's processes are scheduled, and get memory, as the configuration says", .leavesNothingBehind)
struct SchedulingTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func bundle(
        _ root: Bundle.RootFilesystem = .debian, _ arguments: [String],
        _ configure: (inout RuntimeConfiguration) -> Void
    ) throws -> Bundle { try Bundle(in: scratch, root, running: arguments, configure: configure) }

    private func run(_ arguments: [String], _ configure: (inout RuntimeConfiguration) -> Void) throws -> Outcome {
        try Container(try bundle(.debian, arguments, configure), in: scratch, by: .wherry).run()
    }

    /// A container that sleeps, and what `exec` of it tells.
    private func exec(_ options: [String], _ arguments: [String], _ configure: (inout RuntimeConfiguration) -> Void)
        throws -> Outcome
    {
        let container = try Container(try bundle(.debian, ["sleep", "1000"], configure), in: scratch, by: .wherry)
        #expect(try container.create().status == 0)
        try container.start()
        return try container.command("exec", options + [container.id] + arguments).run()
    }

    /// A file for `--process`, of these members beside those that it must have.
    private func description(_ members: String) throws -> String {
        let path = scratch("process.json")
        try Files.write(path, "{\"cwd\": \"/\", \(members)}")
        return path
    }

    @Test("policy, flags and times of the scheduler")
    func scheduler() throws {
        let batch = try run(["chrt", "-p", "1"]) { $0.process?.scheduler = Scheduler(policy: .batch, nice: 7) }
        #expect(batch.output.contains("SCHED_BATCH"), "\(batch)")
        let process = try description(
            """
            "args": ["/bin/sh", "-c", "chrt -p $$"], "scheduler": {"policy": "SCHED_DEADLINE",
            "flags": ["SCHED_FLAG_RESET_ON_FORK"], "runtime": 42000, "deadline": 100000, "period": 1000000}
            """)
        let outcome = try exec(["--process", process], []) { _ in }
        #expect(outcome.output.contains("SCHED_DEADLINE|SCHED_RESET_ON_FORK"), "\(outcome)")
        #expect(outcome.output.contains("42000/100000/1000000"), "\(outcome)")
    }

    @Test("exec has the container's scheduler and I/O priority, unless its description has others")
    func inherited() throws {
        let configure = { (configuration: inout RuntimeConfiguration) -> Void in
            configuration.process?.scheduler = Scheduler(policy: .batch)
            configuration.process?.ioPriority = IOPriority(class: .bestEffort, priority: 4)
        }
        let inherited = try exec([], ["sh", "-c", "ionice; chrt -p $$"], configure)
        #expect(inherited.output.contains("best-effort: prio 4"), "\(inherited)")
        #expect(inherited.output.contains("SCHED_BATCH"), "\(inherited)")
        let process = try description("\"args\": [\"/bin/ionice\"], \"ioPriority\": {\"class\": \"IOPRIO_CLASS_IDLE\"}")
        #expect(try exec(["--process", process], [], configure).output == "idle\n")
    }

    @Test("exec runs on the processors of execCPUAffinity.final")
    func affinity() throws {
        let outcome = try exec([], ["grep", "Cpus_allowed_list", "/proc/self/status"]) {
            $0.process?.execCPUAffinity = CPUAffinity(initial: "0", final: "1")
        }
        #expect(outcome.output == "Cpus_allowed_list:\t1\n", "\(outcome)")
    }

    @Test("a container does not inherit the processors of whoever calls the runtime")
    func noInheritance() throws {
        let bundle = try bundle(.debian, ["grep", "Cpus_allowed_list", "/proc/self/status"]) {
            $0.linux?.resources?.cpu = nil
        }
        let container = try Container(bundle, in: scratch, by: .wherry)
        let command = container.command("run", ["--bundle", bundle.path, container.id])
        let own = try Command("grep", ["Cpus_allowed_list", "/proc/self/status"]).succeed()
        let outcome = try Command("taskset", ["-c", "0", command.program] + command.arguments).run()
        #expect(outcome.output == own, "\(outcome)")
    }

    @Test("a memory policy holds for the first process and for exec")
    func memoryPolicy() throws {
        let script = ["sh", "-c", "head -n 1 /proc/self/numa_maps | cut -d ' ' -f 2"]
        let configure = { (configuration: inout RuntimeConfiguration) -> Void in
            configuration.linux?.memoryPolicy = MemoryPolicy(
                mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES"])
        }
        #expect(try run(script, configure).output == "bind=static:0\n")
        #expect(try exec([], script, configure).output == "bind=static:0\n")
    }
}
