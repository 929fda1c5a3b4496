public import RuntimeSpec

/// What `exec` takes beside an identifier.
public struct ExecOptions: Sendable {
    /// Where the process's description comes from.
    public enum Source: Sendable {
        /// `--process`: a whole description.
        case document(Process)
        /// The container's own process, with changes.
        case changes(ExecChanges)
    }

    public var source: Source
    public var detach: Bool
    public var consoleSocket: String?
    public var pidfdSocket: String?
    public var pidFile: String?
    /// How many descriptors from 3 on the process inherits.
    public var preservedDescriptors: Int
    /// Runs in a paused container: the process waits for `resume`.
    public var ignorePaused: Bool
    /// Cgroups below the container's: `PATH`, or `CONTROLLER[,CONTROLLER…]:PATH` on cgroup v1.
    public var cgroups: [String]

    public init(_ source: Source) {
        self.source = source
        detach = false
        preservedDescriptors = 0
        ignorePaused = false
        cgroups = []
    }
}

/// How a process of `exec` differs from the container's own. Nil leaves things as they are.
public struct ExecChanges: Sendable {
    public var args: [String]
    public var cwd: String?
    /// Put behind the container's own: `NAME=value`.
    public var env: [String]
    public var terminal: Bool
    /// `UID[:GID]`.
    public var user: String?
    public var additionalGids: [UInt32]
    /// Added to the bounding, effective, permitted and, where possible, ambient sets.
    public var capabilities: [String]
    public var noNewPrivileges: Bool?
    public var apparmorProfile: String?
    public var selinuxLabel: String?

    public init(args: [String]) {
        self.args = args
        env = []
        terminal = false
        additionalGids = []
        capabilities = []
    }
}
