internal import CLinux
internal import Glibc

/// A limit of getrlimit(2): its number, soft and hard values; `UInt64.max` is none.
public struct ProcessLimit: Sendable, Hashable {
    public let resource: CInt
    public let soft: UInt64
    public let hard: UInt64

    public init(resource: CInt, soft: UInt64, hard: UInt64) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }

    /// prlimit(2); process 0 is ourselves.
    public func apply(to pid: Int32 = 0) throws(SystemError) {
        try checked(cl_set_limit(pid, resource, soft, hard), "setrlimit")
    }

    /// This process's own.
    public static func current(_ resource: CInt) throws(SystemError) -> ProcessLimit {
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        try checked(cl_get_limit(resource, &soft, &hard), "getrlimit")
        return ProcessLimit(resource: resource, soft: soft, hard: hard)
    }
}

/// What sched_setattr(2) takes; times in nanoseconds.
public struct SchedulingPolicy: Sendable, Hashable {
    public var policy: UInt32
    public var flags: UInt64
    public var nice: Int32
    public var priority: UInt32
    public var runtime: UInt64
    public var deadline: UInt64
    public var period: UInt64

    public init(
        policy: UInt32, flags: UInt64, nice: Int32, priority: UInt32, runtime: UInt64, deadline: UInt64, period: UInt64
    ) {
        self.policy = policy
        self.flags = flags
        self.nice = nice
        self.priority = priority
        self.runtime = runtime
        self.deadline = deadline
        self.period = period
    }

    public func apply(to pid: Int32) throws(SystemError) {
        let answer = cl_set_scheduler(pid, policy, flags, nice, priority, runtime, deadline, period)
        try checked(answer, "sched_setattr")
    }
}

extension ThisProcess {
    /// ioprio_set(2) of process `pid`: class 1 is real time, 2 best effort, 3 idle.
    public static func setIOPriority(of pid: Int32, class number: CInt, level: CInt) throws(SystemError) {
        try checked(cl_set_io_priority(pid, number, level), "ioprio_set")
    }

    /// The processors that `pid` may run on; byte 0 of `mask` is processors 0 to 7.
    public static func setAffinity(of pid: Int32, mask: [UInt8]) throws(SystemError) {
        // The kernel wants whole words.
        let padded = mask + [UInt8](repeating: 0, count: (8 - mask.count % 8) % 8)
        try checked(cl_set_affinity(pid, padded, padded.count), "sched_setaffinity")
    }
}
