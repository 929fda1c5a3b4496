internal import CLinux

/// A seccomp filter as the kernel takes it: seccomp(2).
public struct SeccompProgram: Hashable, Sendable {
    /// Each the eight bytes of a `struct sock_filter`.
    public let instructions: [UInt64]
    public let flags: Flags

    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let synchronizeThreads = Flags(rawValue: 1)
        public static let log = Flags(rawValue: 2)
        /// Loading gives a descriptor, by which an agent hears of calls and answers them.
        public static let newListener = Flags(rawValue: 8)
        public static let speculationAllowed = Flags(rawValue: 4)
        public static let waitKillable = Flags(rawValue: 32)

        /// Whether the running kernel takes them.
        public var areKnown: Bool {
            // This one is about agents: the kernel does not take it alone.
            let flags = contains(.waitKillable) ? union(.newListener) : self
            return cl_seccomp_knows_flags(flags.rawValue) == 1
        }
    }

    public init(instructions: [UInt64], flags: Flags) {
        self.instructions = instructions
        self.flags = flags
    }

    /// Puts the calling process, which needs `CAP_SYS_ADMIN` or `no_new_privs`, under this filter for good. Returns the
    /// descriptor for an agent, close-on-exec, if there is to be one.
    public func load() throws(SystemError) -> Descriptor? {
        let answer = try checked(
            cl_seccomp_load(instructions, UInt32(instructions.count), flags.rawValue), "seccomp",
            "filter of \(instructions.count) instructions")
        return flags.contains(.newListener) ? Descriptor(number: answer) : nil
    }

    /// Whether the running kernel knows the action (`SECCOMP_RET_…`).
    public static func kernelKnows(action: UInt32) -> Bool { cl_seccomp_knows_action(action) == 1 }
}
