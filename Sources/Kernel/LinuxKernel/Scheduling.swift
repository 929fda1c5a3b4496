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

/// What set_mempolicy(2) takes.
public struct NodePolicy: Sendable, Hashable {
    /// `MPOL_DEFAULT` is 0.
    public let mode: Int32
    /// `MPOL_F_STATIC_NODES` and so on.
    public let flags: Int32
    /// Byte 0 is nodes 0 to 7; nil for the modes that have none.
    public let nodes: [UInt8]?

    public init(mode: Int32, flags: Int32, nodes: [UInt8]?) {
        self.mode = mode
        self.flags = flags
        self.nodes = nodes
    }

    /// For this process and those that come of it.
    public func apply() throws(SystemError) {
        let answer =
            nodes.map { cl_set_memory_policy(mode | flags, $0, $0.count) } ?? cl_set_memory_policy(mode | flags, nil, 0)
        try checked(answer, "set_mempolicy")
    }
}

extension ThisProcess {
    /// ioprio_set(2) of process `pid`: class 1 is real time, 2 best effort, 3 idle.
    public static func setIOPriority(of pid: Int32, class number: CInt, level: CInt) throws(SystemError) {
        try checked(cl_set_io_priority(pid, number, level), "ioprio_set")
    }

    /// The processors that `pid` may run on, or this process for 0; byte 0 of `mask` is processors 0 to 7. Those that
    /// do not exist, or that its cpuset does not have, do not count.
    public static func setAffinity(of pid: Int32, mask: [UInt8]) throws(SystemError) {
        // The kernel wants whole words.
        let padded = mask + [UInt8](repeating: 0, count: (8 - mask.count % 8) % 8)
        try checked(cl_set_affinity(pid, padded, padded.count), "sched_setaffinity")
    }
    /// More processors than any kernel knows.
    public static let allProcessors = [UInt8](repeating: 0xff, count: 8192)

    /// The processors that this process may run on.
    public static func affinity() throws(SystemError) -> [UInt8] {
        var mask = allProcessors
        let size = try checked(cl_get_affinity(0, &mask, mask.count), "sched_getaffinity")
        return Array(mask.prefix(Int(size)))
    }
}
