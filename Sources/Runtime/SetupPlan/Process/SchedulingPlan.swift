public import LinuxKernel
internal import RuntimeSpec

/// What the runtime sets on the container's process from outside, before the program runs.
public struct OutsidePlan: Hashable, Sendable {
    public let limits: [ProcessLimit]
    public let oomScoreAdjustment: Int?
    public let scheduling: SchedulingPolicy?
    /// Class and level of ioprio_set(2).
    public let ioPriority: IOPriorityLevel?

    public struct IOPriorityLevel: Hashable, Sendable {
        public let classNumber: Int32
        public let level: Int32
    }

    init(_ process: Process, _ refusals: inout Refusals) {
        limits = LimitPlanning.limits(process.rlimits ?? [], &refusals)
        oomScoreAdjustment = process.oomScoreAdj
        if let adjustment = process.oomScoreAdj, !(-1000...1000).contains(adjustment) {
            refusals.invalid("process.oomScoreAdj", "\(adjustment) is not between -1000 and 1000")
        }
        scheduling = process.scheduler.flatMap { Self.policy($0, &refusals) }
        ioPriority = process.ioPriority.flatMap { Self.level($0, &refusals) }
    }

    private static func policy(_ scheduler: Scheduler, _ refusals: inout Refusals) -> SchedulingPolicy? {
        let numbers: [SchedulerPolicy: UInt32] = [
            .other: 0, .fifo: 1, .roundRobin: 2, .batch: 3, .iso: 4, .idle: 5, .deadline: 6,
        ]
        let flags: [SchedulerFlag: UInt64] = [
            .resetOnFork: 0x01, .reclaim: 0x02, .deadlineOverrun: 0x04, .keepPolicy: 0x08, .keepParameters: 0x10,
            .utilizationClampMinimum: 0x20, .utilizationClampMaximum: 0x40,
        ]
        guard let priority = UInt32(exactly: scheduler.priority ?? 0) else {
            refusals.invalid("process.scheduler.priority", "must not be negative")
            return nil
        }
        let isTimed = scheduler.runtime != nil || scheduler.deadline != nil || scheduler.period != nil
        if isTimed && scheduler.policy != .deadline {
            refusals.invalid("process.scheduler", "runtime, deadline and period are for SCHED_DEADLINE only")
        }
        return SchedulingPolicy(
            policy: numbers[scheduler.policy] ?? 0,
            flags: (scheduler.flags ?? []).reduce(0) { $0 | (flags[$1] ?? 0) },
            nice: scheduler.nice ?? 0, priority: priority, runtime: scheduler.runtime ?? 0,
            deadline: scheduler.deadline ?? 0, period: scheduler.period ?? 0)
    }

    private static func level(_ priority: IOPriority, _ refusals: inout Refusals) -> IOPriorityLevel? {
        let classes: [IOPriorityClass: Int32] = [.realTime: 1, .bestEffort: 2, .idle: 3]
        guard (0...7).contains(priority.priority) else {
            refusals.invalid("process.ioPriority.priority", "\(priority.priority) is not between 0 and 7")
            return nil
        }
        return IOPriorityLevel(classNumber: classes[priority.class] ?? 2, level: Int32(priority.priority))
    }
}
