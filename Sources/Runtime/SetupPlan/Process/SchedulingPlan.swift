public import LinuxKernel
internal import RuntimeSpec

/// What the runtime sets on the container's process from outside, before the program runs.
public struct OutsidePlan: Hashable, Sendable {
    public let limits: [ProcessLimit]
    public let oomScoreAdjustment: Int?
    public let processors: ProcessorPlan
    public let scheduling: SchedulingPolicy?
    /// Class and level of ioprio_set(2).
    public let ioPriority: IOPriorityLevel?

    public struct IOPriorityLevel: Hashable, Sendable {
        public let classNumber: Int32
        public let level: Int32
    }

    init(_ process: Process, _ linux: Linux, joins: Bool, _ refusals: inout Refusals) {
        limits = LimitPlanning.limits(process.rlimits ?? [], &refusals)
        oomScoreAdjustment = process.oomScoreAdj
        if let adjustment = process.oomScoreAdj, !(-1000...1000).contains(adjustment) {
            refusals.invalid("process.oomScoreAdj", "\(adjustment) is not between -1000 and 1000")
        }
        let cpuset = linux.resources?.cpu?.cpus ?? ""
        processors = ProcessorPlan(process.execCPUAffinity, joins: joins, isLimited: !cpuset.isEmpty, &refusals)
        scheduling = process.scheduler.flatMap { SchedulerPlanning.policy($0, &refusals) }
        ioPriority = process.ioPriority.flatMap { Self.level($0, &refusals) }
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

/// `process.execCPUAffinity`: config.md, "Linux Process". Byte 0 of a mask is processors 0 to 7.
public struct ProcessorPlan: Hashable, Sendable {
    /// Where the runtime is to run while a process joins.
    public let initial: [UInt8]?
    /// Where the process is to run; nil leaves it where it is.
    public let final: [UInt8]?
    /// `linux.resources.cpu.cpus` is there.
    public let isLimited: Bool

    /// A container's first process, and one that joins without a word about it, may run on whatever its cpuset has, even
    /// if the runtime may not.
    init(_ affinity: CPUAffinity?, joins: Bool, isLimited: Bool, _ refusals: inout Refusals) {
        let initial = Self.mask(affinity?.initial, "initial", &refusals)
        let final = Self.mask(affinity?.final, "final", &refusals)
        self.isLimited = isLimited
        self.initial = joins ? initial : nil
        self.final = joins && (initial ?? final) != nil ? final : ThisProcess.allProcessors
    }

    private static func mask(_ text: String?, _ member: String, _ refusals: inout Refusals) -> [UInt8]? {
        do throws(NumberListMistake) { return try NumberList.parse(text ?? "")?.mask } catch {
            refusals.invalid("process.execCPUAffinity.\(member)", "\"\(text ?? "")\": \(error)")
            return nil
        }
    }
}
