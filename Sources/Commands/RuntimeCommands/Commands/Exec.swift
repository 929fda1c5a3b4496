internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

extension Command {
    static let exec = Command(
        "exec", "run another program in a container that runs",
        arguments: "<container-id> <command> [command options]  || -p process.json <container-id>",
        flags: [
            Flag("console-socket", takes: "SOCKET", "a Unix socket that receives the terminal's master"),
            Flag("pidfd-socket", takes: "SOCKET", "a Unix socket that receives a pidfd of the process"),
            Flag("cwd", takes: "DIRECTORY", "the working directory in the container"),
            Flag("env", "e", takes: "NAME=VALUE", "an environment variable; may be repeated"),
            Flag("tty", "t", "gives the process a terminal"),
            Flag("user", "u", takes: "UID[:GID]", "the process's user"),
            Flag("additional-gids", "g", takes: "GID", "a further group; may be repeated"),
            Flag("process", "p", takes: "FILE", "a file with the whole description of the process"),
            Flag("detach", "d", "returns once the process runs"),
            Flag("pid-file", takes: "FILE", "a file that receives the process's number"),
            Flag("process-label", takes: "LABEL", "the process's SELinux label"),
            Flag("apparmor", takes: "PROFILE", "the process's AppArmor profile"),
            Flag("no-new-privs", "sets no_new_privs"),
            Flag("cap", "c", takes: "CAPABILITY", "a capability to add; may be repeated"),
            Flag("preserve-fds", takes: "N", "passes on N descriptors from 3 on, beside those of $LISTEN_FDS"),
            Flag("cgroup", takes: "[CONTROLLER:]PATH", "a cgroup below the container's; may be repeated on cgroup v1"),
            Flag("ignore-paused", "runs in a paused container too"),
        ], count: 1...Int.max, literalAfter: 1
    ) { invocation in
        try telling("exec failed", exitCode: 255) {
            try invocation.root.engine.exec(invocation.container, try ExecFlags.options(invocation))
        }
    }
}

private enum ExecFlags {
    static func options(_ invocation: Invocation) throws -> ExecOptions {
        let flags = invocation.flags
        var options = ExecOptions(try source(invocation))
        options.detach = flags.isSet("detach")
        options.consoleSocket = flags.text("console-socket")
        options.pidfdSocket = flags.text("pidfd-socket")
        options.pidFile = try flags.text("pid-file").map(AbsolutePath.of)
        options.preservedDescriptors = try DescriptorCount.of(flags)
        options.ignorePaused = flags.isSet("ignore-paused")
        options.cgroups = flags.all("cgroup")
        return options
    }

    private static func source(_ invocation: Invocation) throws -> ExecOptions.Source {
        if let path = invocation.flags.text("process") { return .document(try document(path)) }
        let args = Array(invocation.arguments.dropFirst())
        guard !args.isEmpty else { throw UsageError("exec args cannot be empty") }
        return .changes(try changes(args, invocation.flags))
    }

    /// It may be a pipe.
    private static func document(_ path: String) throws -> Process {
        let bytes = try Descriptor.workingDirectory.readFile(path, limit: maximumDocumentSize)
        do { return try Process(parsing: bytes) } catch {
            throw CommandFailure("\(path): \(error)", kind: RuntimeError.Kind.invalidConfiguration.rawValue)
        }
    }

    private static func changes(_ args: [String], _ flags: FlagValues) throws -> ExecChanges {
        var changes = ExecChanges(args: args)
        changes.cwd = flags.text("cwd")
        changes.env = flags.all("env")
        changes.terminal = flags.isSet("tty")
        changes.user = flags.text("user")
        changes.additionalGids = try flags.all("additional-gids").map(groupID)
        changes.capabilities = flags.all("cap")
        if flags.has("no-new-privs") { changes.noNewPrivileges = flags.isSet("no-new-privs") }
        changes.apparmorProfile = flags.text("apparmor")
        changes.selinuxLabel = flags.text("process-label")
        return changes
    }

    private static func groupID(_ text: String) throws -> UInt32 {
        if let number = UInt32(text) { return number }
        throw UsageError("additional-gids must be a positive number \(text)")
    }
}
