/// One call of an OCI runtime, in the words that runc, crun and wherry-runtime share.
enum RuntimeCommand: Hashable, Sendable {
    case create(bundle: String, pidFile: String, consoleSocket: String?)
    case start
    case exec(process: String, pidFile: String, consoleSocket: String?)
    case kill(signal: Int32)
    case killAll(signal: Int32)
    case update(resources: String)
    case pause
    case resume
    case delete

    /// What the runtime is asked to do, for messages.
    var verb: String {
        switch self {
        case .create: "create"
        case .start: "start"
        case .exec: "exec"
        case .kill, .killAll: "kill"
        case .update: "update"
        case .pause: "pause"
        case .resume: "resume"
        case .delete: "delete"
        }
    }

    /// The arguments after the global options.
    func arguments(id: String) -> [String] {
        switch self {
        case .create(let bundle, let pidFile, let console):
            [verb, "--bundle", bundle, "--pid-file", pidFile] + Self.socket(console) + [id]
        case .start, .pause, .resume: [verb, id]
        case .exec(let process, let pidFile, let console):
            [verb, "--process", process, "--detach", "--pid-file", pidFile] + Self.socket(console)
                + (console == nil ? [] : ["--tty"]) + [id]
        case .kill(let signal): [verb, id, "\(signal)"]
        case .killAll(let signal): [verb, "--all", id, "\(signal)"]
        case .update(let resources): [verb, "--resources", resources, id]
        case .delete: [verb, "--force", id]
        }
    }

    private static func socket(_ path: String?) -> [String] { path.map { ["--console-socket", $0] } ?? [] }
}

/// Which runtime, and its global options.
struct RuntimeProgram: Hashable, Sendable {
    let path: String
    let root: String?
    let usesSystemdCgroup: Bool
    let id: String

    init(_ options: ShimOptions) {
        path = options.runtime
        root = options.runtimeRoot
        usesSystemdCgroup = options.usesSystemdCgroup
        id = options.id
    }

    /// The whole command line, the program's own name first.
    func arguments(_ command: RuntimeCommand, log: String) -> [String] {
        [path] + (root.map { ["--root", $0] } ?? []) + ["--log", log, "--log-format", "json"]
            + (usesSystemdCgroup ? ["--systemd-cgroup"] : []) + command.arguments(id: id)
    }
}
