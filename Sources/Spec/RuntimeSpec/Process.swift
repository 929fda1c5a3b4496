/// config.md, "Process": what runs in the container.
public struct Process: Codable, Hashable, Sendable {
    public var terminal: Bool?
    public var consoleSize: ConsoleSize?
    /// Root when it is left out, as runc takes it.
    public var user: User
    /// With the program first.
    public var args: [String]?
    /// Windows only.
    public var commandLine: String?
    /// `NAME=value`.
    public var env: [String]?
    /// Absolute, in the container.
    public var cwd: String
    public var capabilities: Capabilities?
    public var rlimits: [ResourceLimit]?
    public var noNewPrivileges: Bool?
    public var apparmorProfile: String?
    public var oomScoreAdj: Int?
    public var scheduler: Scheduler?
    public var selinuxLabel: String?
    public var ioPriority: IOPriority?
    public var execCPUAffinity: CPUAffinity?

    public init(
        terminal: Bool? = nil, consoleSize: ConsoleSize? = nil, user: User, args: [String]? = nil,
        commandLine: String? = nil, env: [String]? = nil, cwd: String, capabilities: Capabilities? = nil,
        rlimits: [ResourceLimit]? = nil, noNewPrivileges: Bool? = nil, apparmorProfile: String? = nil,
        oomScoreAdj: Int? = nil, scheduler: Scheduler? = nil, selinuxLabel: String? = nil,
        ioPriority: IOPriority? = nil, execCPUAffinity: CPUAffinity? = nil
    ) {
        self.terminal = terminal
        self.consoleSize = consoleSize
        self.user = user
        self.args = args
        self.commandLine = commandLine
        self.env = env
        self.cwd = cwd
        self.capabilities = capabilities
        self.rlimits = rlimits
        self.noNewPrivileges = noNewPrivileges
        self.apparmorProfile = apparmorProfile
        self.oomScoreAdj = oomScoreAdj
        self.scheduler = scheduler
        self.selinuxLabel = selinuxLabel
        self.ioPriority = ioPriority
        self.execCPUAffinity = execCPUAffinity
    }
}

/// In characters.
public struct ConsoleSize: Codable, Hashable, Sendable {
    public var height: UInt
    public var width: UInt

    public init(height: UInt, width: UInt) {
        self.height = height
        self.width = width
    }
}

/// config.md, "User" for POSIX platforms.
public struct User: Codable, Hashable, Sendable {
    public var uid: UInt32
    public var gid: UInt32
    public var umask: UInt32?
    public var additionalGids: [UInt32]?
    /// Windows only.
    public var username: String?

    public init(
        uid: UInt32, gid: UInt32, umask: UInt32? = nil, additionalGids: [UInt32]? = nil, username: String? = nil
    ) {
        self.uid = uid
        self.gid = gid
        self.umask = umask
        self.additionalGids = additionalGids
        self.username = username
    }

    /// Numbers that are left out are 0.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        uid = try container.decodeIfPresent(UInt32.self, forKey: .uid) ?? 0
        gid = try container.decodeIfPresent(UInt32.self, forKey: .gid) ?? 0
        umask = try container.decodeIfPresent(UInt32.self, forKey: .umask)
        additionalGids = try container.decodeIfPresent([UInt32].self, forKey: .additionalGids)
        username = try container.decodeIfPresent(String.self, forKey: .username)
    }
}

extension KeyedDecodingContainer {
    /// What ``Process`` decodes its user with.
    func decode(_ type: User.Type, forKey key: Key) throws -> User {
        try decodeIfPresent(User.self, forKey: key) ?? User(uid: 0, gid: 0)
    }
}

/// config.md, "Linux Process": the five sets of capabilities(7), as names such as `CAP_CHOWN`.
public struct Capabilities: Codable, Hashable, Sendable {
    public var bounding: [String]?
    public var effective: [String]?
    public var inheritable: [String]?
    public var permitted: [String]?
    public var ambient: [String]?

    public init(
        bounding: [String]? = nil, effective: [String]? = nil, inheritable: [String]? = nil, permitted: [String]? = nil,
        ambient: [String]? = nil
    ) {
        self.bounding = bounding
        self.effective = effective
        self.inheritable = inheritable
        self.permitted = permitted
        self.ambient = ambient
    }
}

/// A limit of setrlimit(2); 18446744073709551615 is no limit.
public struct ResourceLimit: Codable, Hashable, Sendable {
    /// `RLIMIT_NOFILE` and so on.
    public var type: String
    public var hard: UInt64
    public var soft: UInt64

    public init(type: String, hard: UInt64, soft: UInt64) {
        self.type = type
        self.hard = hard
        self.soft = soft
    }
}

/// sched_setattr(2).
public struct Scheduler: Codable, Hashable, Sendable {
    public var policy: SchedulerPolicy
    public var nice: Int32?
    public var priority: Int32?
    public var flags: [SchedulerFlag]?
    /// Nanoseconds, as the two that follow; all three for `SCHED_DEADLINE` only.
    public var runtime: UInt64?
    public var deadline: UInt64?
    public var period: UInt64?

    public init(
        policy: SchedulerPolicy, nice: Int32? = nil, priority: Int32? = nil, flags: [SchedulerFlag]? = nil,
        runtime: UInt64? = nil, deadline: UInt64? = nil, period: UInt64? = nil
    ) {
        self.policy = policy
        self.nice = nice
        self.priority = priority
        self.flags = flags
        self.runtime = runtime
        self.deadline = deadline
        self.period = period
    }
}

public enum SchedulerPolicy: String, SpecificationWord {
    case other = "SCHED_OTHER"
    case fifo = "SCHED_FIFO"
    case roundRobin = "SCHED_RR"
    case batch = "SCHED_BATCH"
    case iso = "SCHED_ISO"
    case idle = "SCHED_IDLE"
    case deadline = "SCHED_DEADLINE"
}

public enum SchedulerFlag: String, SpecificationWord {
    case resetOnFork = "SCHED_FLAG_RESET_ON_FORK"
    case reclaim = "SCHED_FLAG_RECLAIM"
    case deadlineOverrun = "SCHED_FLAG_DL_OVERRUN"
    case keepPolicy = "SCHED_FLAG_KEEP_POLICY"
    case keepParameters = "SCHED_FLAG_KEEP_PARAMS"
    case utilizationClampMinimum = "SCHED_FLAG_UTIL_CLAMP_MIN"
    case utilizationClampMaximum = "SCHED_FLAG_UTIL_CLAMP_MAX"
}

/// ioprio_set(2).
public struct IOPriority: Codable, Hashable, Sendable {
    public var `class`: IOPriorityClass
    /// 0, the highest, to 7.
    public var priority: Int

    public init(`class`: IOPriorityClass, priority: Int) {
        self.class = `class`
        self.priority = priority
    }

    /// A priority that is left out is 0: the idle class has none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        `class` = try container.decode(IOPriorityClass.self, forKey: .class)
        priority = try container.decodeIfPresent(Int.self, forKey: .priority) ?? 0
    }
}

public enum IOPriorityClass: String, SpecificationWord {
    case realTime = "IOPRIO_CLASS_RT"
    case bestEffort = "IOPRIO_CLASS_BE"
    case idle = "IOPRIO_CLASS_IDLE"
}

/// Processors for `exec`, as lists such as `0-3,7`.
public struct CPUAffinity: Codable, Hashable, Sendable {
    /// While the runtime joins the container.
    public var initial: String?
    /// Once the process runs.
    public var final: String?

    public init(initial: String? = nil, final: String? = nil) {
        self.initial = initial
        self.final = final
    }
}
