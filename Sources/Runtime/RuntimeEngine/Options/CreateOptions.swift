/// What `create` takes beside an identifier.
public struct CreateOptions: Sendable {
    /// The directory that holds `config.json`.
    public var bundle: String
    /// A Unix socket that receives the terminal's master.
    public var consoleSocket: String?
    /// A Unix socket that receives a pidfd of the container's first process.
    public var pidfdSocket: String?
    /// A file that receives the first process's number.
    public var pidFile: String?
    /// How many descriptors from 3 on the process inherits, beside those of `LISTEN_FDS`.
    public var preservedDescriptors: Int
    /// Moves the root file system over `/` and changes root into it, where pivot_root(2) cannot work.
    public var noPivot: Bool
    /// Stays in the caller's session keyring.
    public var noNewKeyring: Bool
    /// `linux.cgroupsPath` is `slice:prefix:name`, and systemd is asked to make the scope.
    public var usesSystemdCgroup: Bool
    /// The container's program can tell the caller's service manager that it is ready: sd_notify(3).
    public var tellsReadiness: Bool
    /// Whether lacking permission for cgroups is no error, and with systemd whether the user's manager is asked.
    public var rootlessCgroups: RootlessCgroups

    public init(bundle: String = ".") {
        self.bundle = bundle
        preservedDescriptors = 0
        noPivot = false
        noNewKeyring = false
        usesSystemdCgroup = false
        tellsReadiness = true
        rootlessCgroups = .auto
    }
}

/// What `run` takes: `create`, `start`, and what comes after.
public struct RunOptions: Sendable {
    public var create: CreateOptions
    /// Returns once the process runs.
    public var detach: Bool
    /// Leaves the container where it is when its process has ended.
    public var keep: Bool
    /// Does not adopt processes that the container leaves behind.
    public var noSubreaper: Bool

    public init(create: CreateOptions = CreateOptions()) {
        self.create = create
        detach = false
        keep = false
        noSubreaper = false
    }
}
