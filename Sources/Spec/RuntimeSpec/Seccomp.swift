/// config-linux.md, "Seccomp".
public struct Seccomp: Codable, Hashable, Sendable {
    public var defaultAction: SeccompAction
    public var defaultErrnoRet: UInt32?
    /// `SCMP_ARCH_X86_64` and so on; nil is the native one.
    public var architectures: [String]?
    /// `SECCOMP_FILTER_FLAG_LOG` and so on.
    public var flags: [String]?
    /// A Unix socket that receives the notification descriptor.
    public var listenerPath: String?
    public var listenerMetadata: String?
    public var syscalls: [SeccompRule]?

    public init(
        defaultAction: SeccompAction, defaultErrnoRet: UInt32? = nil, architectures: [String]? = nil,
        flags: [String]? = nil, listenerPath: String? = nil, listenerMetadata: String? = nil,
        syscalls: [SeccompRule]? = nil
    ) {
        self.defaultAction = defaultAction
        self.defaultErrnoRet = defaultErrnoRet
        self.architectures = architectures
        self.flags = flags
        self.listenerPath = listenerPath
        self.listenerMetadata = listenerMetadata
        self.syscalls = syscalls
    }
}

extension Seccomp: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        defaultAction = try members.required("defaultAction")
        defaultErrnoRet = try members.optional("defaultErrnoRet")
        architectures = try members.optional("architectures")
        flags = try members.optional("flags")
        listenerPath = try members.optional("listenerPath")
        listenerMetadata = try members.optional("listenerMetadata")
        syscalls = try members.optional("syscalls")
    }
}

extension Seccomp {
    /// Some system calls are put before an agent, which gets a descriptor for that.
    public var notifies: Bool {
        defaultAction == .notify || (syscalls ?? []).contains { $0.action == .notify }
    }
}

/// What happens to some system calls.
public struct SeccompRule: Codable, Hashable, Sendable {
    public var names: [String]
    public var action: SeccompAction
    public var errnoRet: UInt32?
    /// All must hold.
    public var args: [SeccompArgument]?

    public init(names: [String], action: SeccompAction, errnoRet: UInt32? = nil, args: [SeccompArgument]? = nil) {
        self.names = names
        self.action = action
        self.errnoRet = errnoRet
        self.args = args
    }
}

extension SeccompRule: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        names = try members.required("names")
        action = try members.required("action")
        errnoRet = try members.optional("errnoRet")
        args = try members.optional("args")
    }
}

/// A condition on one argument.
public struct SeccompArgument: Codable, Hashable, Sendable {
    /// 0 to 5.
    public var index: UInt32
    public var value: UInt64
    public var valueTwo: UInt64?
    public var op: SeccompOperator

    public init(index: UInt32, value: UInt64, valueTwo: UInt64? = nil, op: SeccompOperator) {
        self.index = index
        self.value = value
        self.valueTwo = valueTwo
        self.op = op
    }
}

extension SeccompArgument: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        index = try members.required("index")
        value = try members.required("value")
        valueTwo = try members.optional("valueTwo")
        op = try members.required("op")
    }
}

public enum SeccompAction: String, SpecificationWord {
    case kill = "SCMP_ACT_KILL"
    case killProcess = "SCMP_ACT_KILL_PROCESS"
    case killThread = "SCMP_ACT_KILL_THREAD"
    case trap = "SCMP_ACT_TRAP"
    case errno = "SCMP_ACT_ERRNO"
    case trace = "SCMP_ACT_TRACE"
    case allow = "SCMP_ACT_ALLOW"
    case log = "SCMP_ACT_LOG"
    case notify = "SCMP_ACT_NOTIFY"
}

public enum SeccompOperator: String, SpecificationWord {
    case notEqual = "SCMP_CMP_NE"
    case less = "SCMP_CMP_LT"
    case lessOrEqual = "SCMP_CMP_LE"
    case equal = "SCMP_CMP_EQ"
    case greaterOrEqual = "SCMP_CMP_GE"
    case greater = "SCMP_CMP_GT"
    case maskedEqual = "SCMP_CMP_MASKED_EQ"
}
