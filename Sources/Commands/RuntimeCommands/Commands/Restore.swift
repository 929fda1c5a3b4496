internal import RuntimeEngine

extension Command {
    static let restore = Command(
        "restore", "start a container from what checkpoint saved", arguments: "<container-id>",
        flags: ImageFlags.all + [
            Flag("bundle", "b", takes: "DIRECTORY", "the bundle's directory (default: the current one)"),
            Flag("console-socket", takes: "SOCKET", "a Unix socket that receives the terminal's master"),
            Flag("pid-file", takes: "FILE", "a file that receives the number of the container's first process"),
            Flag("detach", "d", "returns once the container's process runs"),
            Flag("no-subreaper", "does not adopt processes that the container leaves behind"),
            Flag("no-pivot", "makes no difference: criu enters the root filesystem in a way of its own"),
            Flag("lsm-profile", takes: "TYPE:NAME", "the profile of AppArmor or SELinux, instead of the saved one"),
            Flag("lsm-mount-context", takes: "CONTEXT", "the SELinux context of mounts, instead of the saved one"),
        ], count: 1...1
    ) { invocation in
        try telling("\(invocation.program) restore failed") {
            ImageFlags.warnOfRootless(invocation)
            return try invocation.root.engine.restore(invocation.container, try RestoreFlags.options(invocation))
        }
    }
}

private enum RestoreFlags {
    static func options(_ invocation: Invocation) throws -> RestoreOptions {
        let flags = invocation.flags
        var options = RestoreOptions(
            images: try ImageFlags.options(flags), create: try CreationFlags.options(invocation))
        // Its program has told already.
        options.create.tellsReadiness = false
        options.detach = flags.isSet("detach")
        options.noSubreaper = flags.isSet("no-subreaper")
        options.securityProfile = flags.text("lsm-profile")
        options.securityMountContext = flags.text("lsm-mount-context")
        return options
    }
}
