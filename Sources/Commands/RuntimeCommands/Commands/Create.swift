internal import RuntimeEngine

extension Command {
    static let create = Command(
        "create", "create a container", arguments: "<container-id>", flags: CreationFlags.all, count: 1...1
    ) { invocation in
        try telling("\(invocation.program) create failed") {
            try invocation.root.engine.create(invocation.container, try CreationFlags.options(invocation))
        }
        return 0
    }
}

/// What `create` and `run` have in common.
enum CreationFlags {
    static let all: [Flag] = [
        Flag("bundle", "b", takes: "DIRECTORY", "the bundle's directory (default: the current one)"),
        Flag("console-socket", takes: "SOCKET", "a Unix socket that receives the terminal's master"),
        Flag("pidfd-socket", takes: "SOCKET", "a Unix socket that receives a pidfd of the container's first process"),
        Flag("pid-file", takes: "FILE", "a file that receives the number of the container's first process"),
        Flag("no-pivot", "moves the root filesystem over / instead of pivot_root(2), for ramdisks"),
        Flag("no-new-keyring", "stays in the caller's session keyring"),
        Flag("preserve-fds", takes: "N", "passes on N descriptors from 3 on, beside those of $LISTEN_FDS"),
    ]

    static func options(_ invocation: Invocation) throws -> CreateOptions {
        let flags = invocation.flags
        var options = CreateOptions(bundle: try AbsolutePath.of(flags.text("bundle") ?? "."))
        options.consoleSocket = flags.text("console-socket")
        options.pidfdSocket = flags.text("pidfd-socket")
        options.pidFile = try flags.text("pid-file").map(AbsolutePath.of)
        options.preservedDescriptors = try DescriptorCount.of(flags)
        options.noPivot = flags.isSet("no-pivot")
        options.noNewKeyring = flags.isSet("no-new-keyring")
        try refuseSystemd(invocation.global)
        return options
    }

    private static func refuseSystemd(_ global: FlagValues) throws {
        guard global.isSet("systemd-cgroup") else { return }
        throw CommandFailure(
            "--systemd-cgroup is not supported yet: leave it out and give linux.cgroupsPath as a path",
            kind: "not-supported")
    }
}

/// `--preserve-fds`.
enum DescriptorCount {
    static func of(_ flags: FlagValues) throws -> Int {
        let count = try flags.number("preserve-fds") ?? 0
        guard count >= 0 else { throw UsageError("--preserve-fds must not be negative: \(count)") }
        return count
    }
}
