internal import LinuxKernel
internal import RuntimeEngine
internal import SetupPlan

/// The flags of every command.
enum GlobalFlags {
    static let all: [Flag] = [
        Flag("debug", "writes more to the log"),
        Flag("log", takes: "FILE", "the file that receives messages (default: standard error)"),
        Flag("log-format", takes: "FORMAT", "the messages' form: text (default) or json"),
        Flag("root", takes: "DIRECTORY", "where containers' states are kept (default: /run/wherry-runtime)"),
        Flag("systemd-cgroup", "has systemd make the cgroup; cgroupsPath is then slice:prefix:name"),
        Flag("rootless", takes: "WHEN", "ignores lacking permission for cgroups: true, false or auto (default)"),
    ]
}

/// Where the containers' states are: `--root`, else a directory of the system's or of the user's.
struct RootDirectory {
    let path: String
    /// Whether `--root` named it: then it must be there for `list`.
    let isGiven: Bool

    private let log: Log

    var engine: RuntimeRoot { RuntimeRoot(path: path, log: log.ofEngine) }

    init(_ invocation: Invocation) throws {
        log = invocation.log
        isGiven = invocation.global.has("root")
        if isGiven {
            path = try AbsolutePath.of(invocation.global.text("root") ?? "/")
            if path == "/" { throw UsageError("--root must not be /: name a directory of its own") }
        } else if Self.isOfUser, let runtime = ThisProcess.variable("XDG_RUNTIME_DIR"), !runtime.isEmpty {
            path = runtime + "/wherry-runtime"
            try Self.makeOwn(path)
        } else {
            path = "/run/wherry-runtime"
        }
    }

    /// Root of a user namespace is an ordinary user's, unless it says that it is root, as runc has it.
    private static var isOfUser: Bool {
        if ThisProcess.effectiveUser != 0 { return true }
        return !ThisProcess.isInInitialUserNamespace && ThisProcess.variable("USER") != "root"
    }

    /// The sticky bit keeps the user's session manager from clearing it away (XDG Base Directory Specification).
    private static func makeOwn(_ path: String) throws {
        try Descriptor.workingDirectory.makeDirectories(path, mode: 0o700)
        try Descriptor.workingDirectory.changeMode(of: path, to: 0o1700)
    }
}

/// Paths as they were meant where the user stood.
enum AbsolutePath {
    static func of(_ path: String) throws -> String {
        let full =
            path.hasPrefix("/") ? path : try Descriptor.workingDirectory.readSymbolicLink("/proc/self/cwd") + "/" + path
        return CleanPath.absolute(full)
    }
}
