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

extension Process: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        terminal = try members.optional("terminal")
        consoleSize = try members.optional("consoleSize")
        user = try members.optional("user") ?? User(uid: 0, gid: 0)
        args = try members.optional("args")
        commandLine = try members.optional("commandLine")
        env = try members.optional("env")
        cwd = try members.required("cwd")
        capabilities = try members.optional("capabilities")
        rlimits = try members.optional("rlimits")
        noNewPrivileges = try members.optional("noNewPrivileges")
        apparmorProfile = try members.optional("apparmorProfile")
        oomScoreAdj = try members.optional("oomScoreAdj")
        scheduler = try members.optional("scheduler")
        selinuxLabel = try members.optional("selinuxLabel")
        ioPriority = try members.optional("ioPriority")
        execCPUAffinity = try members.optional("execCPUAffinity")
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

extension ConsoleSize: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        height = try members.required("height")
        width = try members.required("width")
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
}

extension User: JSONReadable {
    /// Numbers that are left out are 0.
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        uid = try members.optional("uid") ?? 0
        gid = try members.optional("gid") ?? 0
        umask = try members.optional("umask")
        additionalGids = try members.optional("additionalGids")
        username = try members.optional("username")
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

extension Capabilities: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        bounding = try members.optional("bounding")
        effective = try members.optional("effective")
        inheritable = try members.optional("inheritable")
        permitted = try members.optional("permitted")
        ambient = try members.optional("ambient")
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

extension ResourceLimit: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        type = try members.required("type")
        hard = try members.required("hard")
        soft = try members.required("soft")
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

extension Scheduler: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        policy = try members.required("policy")
        nice = try members.optional("nice")
        priority = try members.optional("priority")
        flags = try members.optional("flags")
        runtime = try members.optional("runtime")
        deadline = try members.optional("deadline")
        period = try members.optional("period")
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
}

extension IOPriority: JSONReadable {
    /// A priority that is left out is 0: the idle class has none.
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        `class` = try members.required("class")
        priority = try members.optional("priority") ?? 0
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

extension CPUAffinity: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        initial = try members.optional("initial")
        final = try members.optional("final")
    }
}
