import LinuxKernel
import RuntimeSpec
import SetupPlan
import Testing

@Suite("How a process is scheduled: config.md, \"Linux Process\"")
struct SchedulingTests {
    private func joining(_ change: (inout Process) -> Void) throws(SetupRefusal) -> SetupPlan {
        var process = Process(user: User(uid: 0, gid: 0), args: ["sh"], cwd: "/")
        change(&process)
        return try SetupPlan(joining: configuration().linux, process)
    }

    /// The processors of a mask.
    private func numbers(_ mask: [UInt8]?) -> [Int]? {
        mask.map { mask in
            mask.indices.flatMap { byte in (0..<8).filter { mask[byte] >> $0 & 1 == 1 }.map { byte * 8 + $0 } }
        }
    }

    @Test("lists of processors have commas, and dashes for ranges")
    func lists() throws {
        let plan = try joining { $0.execCPUAffinity = CPUAffinity(initial: "7", final: "0-3, 7,") }
        #expect(numbers(plan.outside.processors.initial) == [7])
        #expect(numbers(plan.outside.processors.final) == [0, 1, 2, 3, 7])
    }

    @Test("without a final list the kernel decides where the process runs")
    func onlyInitial() throws {
        #expect(try joining { $0.execCPUAffinity = CPUAffinity(initial: "1") }.outside.processors.final == nil)
    }

    @Test("where nothing is said a process does not inherit the runtime's processors")
    func nothing() throws {
        #expect(try joining { _ in }.outside.processors.final == ThisProcess.allProcessors)
        #expect(try joining { _ in }.outside.processors.initial == nil)
        let empty = try joining { $0.execCPUAffinity = CPUAffinity(initial: "", final: "") }
        #expect(empty.outside.processors.final == ThisProcess.allProcessors)
    }

    @Test("execCPUAffinity is not for the container's first process")
    func firstProcess() throws {
        let processors = try plan { $0.process?.execCPUAffinity = CPUAffinity(initial: "0", final: "1") }.outside
            .processors
        #expect(processors.initial == nil)
        #expect(processors.final == ThisProcess.allProcessors)
    }

    @Test(
        "a list that cannot be read is refused", arguments: ["a", "3-1", "-1", "1-", "1024", "99999999999", ",", "+1"])
    func badList(_ text: String) {
        #expect(refusals { $0.process?.execCPUAffinity = CPUAffinity(final: text) }.count == 1)
    }

    @Test("flags are those of sched_setattr(2), and times are for SCHED_DEADLINE")
    func deadline() throws {
        let scheduler = Scheduler(
            policy: .deadline, nice: 19, flags: [.resetOnFork, .reclaim], runtime: 42000, deadline: 100_000,
            period: 1_000_000)
        let expected = SchedulingPolicy(
            policy: 6, flags: 3, nice: 19, priority: 0, runtime: 42000, deadline: 100_000, period: 1_000_000)
        #expect(try plan { $0.process?.scheduler = scheduler }.outside.scheduling == expected)
    }

    @Test(
        "every policy has its number",
        arguments: zip(
            [SchedulerPolicy.other, .fifo, .roundRobin, .batch, .iso, .idle, .deadline],
            [0, 1, 2, 3, 4, 5, 6] as [UInt32]))
    func policies(_ policy: SchedulerPolicy, _ number: UInt32) throws {
        #expect(try plan { $0.process?.scheduler = Scheduler(policy: policy) }.outside.scheduling?.policy == number)
    }

    @Test(
        "what the policy cannot have is refused",
        arguments: [
            Scheduler(policy: .other, nice: 20), Scheduler(policy: .batch, nice: -21),
            Scheduler(policy: .other, priority: 1), Scheduler(policy: .fifo, priority: 100),
            Scheduler(policy: .fifo, priority: -1), Scheduler(policy: .idle, runtime: 1),
        ])
    func badScheduler(_ scheduler: Scheduler) {
        #expect(refusals { $0.process?.scheduler = scheduler }.count == 1)
    }

    @Test("a priority for input and output lies between 0 and 7")
    func ioPriority() throws {
        let level = try plan { $0.process?.ioPriority = IOPriority(class: .idle, priority: 4) }.outside.ioPriority
        #expect(level?.classNumber == 3)
        #expect(level?.level == 4)
        #expect(refusals { $0.process?.ioPriority = IOPriority(class: .realTime, priority: 8) }.count == 1)
    }
}
