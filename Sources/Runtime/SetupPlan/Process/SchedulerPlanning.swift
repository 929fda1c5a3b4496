internal import LinuxKernel
internal import RuntimeSpec

/// `process.scheduler`: config.md, "Linux Process", and sched_setattr(2).
enum SchedulerPlanning {
    private static let numbers: [SchedulerPolicy: UInt32] = [
        .other: 0, .fifo: 1, .roundRobin: 2, .batch: 3, .iso: 4, .idle: 5, .deadline: 6,
    ]
    private static let flags: [SchedulerFlag: UInt64] = [
        .resetOnFork: 0x01, .reclaim: 0x02, .deadlineOverrun: 0x04, .keepPolicy: 0x08, .keepParameters: 0x10,
        .utilizationClampMinimum: 0x20, .utilizationClampMaximum: 0x40,
    ]

    static func policy(_ scheduler: Scheduler, _ refusals: inout Refusals) -> SchedulingPolicy {
        check(scheduler, &refusals)
        return SchedulingPolicy(
            policy: numbers[scheduler.policy] ?? 0,
            flags: (scheduler.flags ?? []).reduce(0) { $0 | (flags[$1] ?? 0) },
            nice: scheduler.nice ?? 0, priority: UInt32(clamping: scheduler.priority ?? 0),
            runtime: scheduler.runtime ?? 0, deadline: scheduler.deadline ?? 0, period: scheduler.period ?? 0)
    }

    /// The kernel would ignore most of these mistakes.
    private static func check(_ scheduler: Scheduler, _ refusals: inout Refusals) {
        let (policy, nice, priority) = (scheduler.policy, scheduler.nice ?? 0, scheduler.priority ?? 0)
        if policy == .other || policy == .batch, !(-20...19).contains(nice) {
            refusals.invalid("process.scheduler.nice", "\(nice) is not between -20 and 19")
        }
        if priority != 0, policy != .fifo, policy != .roundRobin {
            refusals.invalid("process.scheduler.priority", "is for SCHED_FIFO and SCHED_RR only")
        } else if !(0...99).contains(priority) {
            refusals.invalid("process.scheduler.priority", "\(priority) is not between 0 and 99")
        }
        let times = [scheduler.runtime, scheduler.deadline, scheduler.period]
        if policy != .deadline, times.contains(where: { ($0 ?? 0) != 0 }) {
            refusals.invalid("process.scheduler", "runtime, deadline and period are for SCHED_DEADLINE only")
        }
    }
}
