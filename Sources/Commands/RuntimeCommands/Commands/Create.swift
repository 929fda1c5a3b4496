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
        options.usesSystemdCgroup = invocation.global.isSet("systemd-cgroup")
        options.rootlessCgroups = try rootless(invocation.global)
        return options
    }

    private static func rootless(_ global: FlagValues) throws -> RootlessCgroups {
        let text = global.text("rootless") ?? "auto"
        let isAuto = text.lowercased() == "auto"
        guard let value = isAuto ? .auto : truth(text).map({ $0 ? RootlessCgroups.always : .never }) else {
            throw UsageError("invalid value \"\(text)\" for flag -rootless: must be true, false or auto")
        }
        return value
    }

    /// As Go's flags have it.
    private static func truth(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
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
