internal import CheckpointRestore
internal import LinuxKernel
internal import RuntimeEngine

extension Command {
    static let checkpoint = Command(
        "checkpoint", "save a running container, to restore it later", arguments: "<container-id>",
        flags: ImageFlags.all + [
            Flag("parent-path", takes: "DIRECTORY", "an earlier image, relative to this one's directory"),
            Flag("leave-running", "lets the container run on afterwards"),
            Flag("tcp-skip-in-flight", "leaves out TCP connections that are being made"),
            Flag("link-remap", "gives files that have no name any more one again"),
            Flag("status-fd", takes: "N", "with --lazy-pages: a descriptor that receives a zero byte once it is ready"),
            Flag("page-server", takes: "ADDRESS:PORT", "where the memory goes to instead of into files"),
            Flag("pre-dump", "saves the memory alone, and lets the container run on"),
        ], count: 1...1
    ) { invocation in
        try telling("\(invocation.program) checkpoint failed") {
            ImageFlags.warnOfRootless(invocation)
            try invocation.root.engine.checkpoint(invocation.container, try CheckpointFlags.options(invocation.flags))
        }
        return 0
    }
}

private enum CheckpointFlags {
    static func options(_ flags: FlagValues) throws -> CheckpointOptions {
        var options = CheckpointOptions(images: try ImageFlags.options(flags))
        options.parent = flags.text("parent-path")
        options.leavesRunning = flags.isSet("leave-running")
        options.skipsTCPInFlight = flags.isSet("tcp-skip-in-flight")
        options.remapsLinks = flags.isSet("link-remap")
        options.isPreDump = flags.isSet("pre-dump")
        options.pageServer = try flags.text("page-server").map(PageServer.init(argument:))
        options.statusDescriptor = try statusDescriptor(flags)
        return options
    }

    /// -1 is runc's word for none.
    private static func statusDescriptor(_ flags: FlagValues) throws -> Int32? {
        guard let number = try flags.number("status-fd"), number >= 0 else { return nil }
        guard flags.isSet("lazy-pages") else { throw UsageError("--status-fd is for --lazy-pages only") }
        guard let descriptor = Int32(exactly: number) else {
            throw UsageError("invalid --status-fd argument \(number)")
        }
        return descriptor
    }
}

extension PageServer {
    /// `ADDRESS:PORT`, an IPv6 address in brackets.
    init(argument: String) throws {
        guard let colon = argument.lastIndex(of: ":") else { throw Self.misunderstood }
        var address = argument[..<colon]
        let isBracketed = address.hasPrefix("[") && address.hasSuffix("]")
        if isBracketed { address = address.dropFirst().dropLast() }
        guard !address.isEmpty, isBracketed || !address.contains(":") else { throw Self.misunderstood }
        guard let port = UInt16(argument[argument.index(after: colon)...]) else {
            throw UsageError("--page-server \(argument): invalid port number")
        }
        self.init(address: String(address), port: Int32(port))
    }

    private static let misunderstood = UsageError("use --page-server ADDRESS:PORT to name the page server")
}

/// What `checkpoint` and `restore` have in common.
enum ImageFlags {
    static let all: [Flag] = [
        Flag("image-path", takes: "DIRECTORY", "the images' directory (default: ./checkpoint)"),
        Flag("work-path", takes: "DIRECTORY", "the directory of criu's log and other files (default: the images')"),
        Flag("tcp-established", "keeps established TCP connections"),
        Flag("ext-unix-sk", "allows Unix sockets whose other end is outside"),
        Flag("shell-job", "allows a session whose leader is outside"),
        Flag("file-locks", "keeps file locks"),
        Flag("lazy-pages", "moves the memory while the container runs already"),
        Flag("manage-cgroups-mode", takes: "MODE", "what becomes of cgroups: soft (default), full, strict or ignore"),
        Flag("empty-ns", takes: "NAMESPACE", "a namespace whose content is not kept: network, which never is"),
        Flag("auto-dedup", "keeps pages that older images have, too, only once"),
    ]

    static func options(_ flags: FlagValues) throws -> ImageOptions {
        var options = ImageOptions(images: try AbsolutePath.of(flags.text("image-path") ?? "checkpoint"))
        options.work = try flags.text("work-path").map(AbsolutePath.of)
        options.keepsEstablishedTCP = flags.isSet("tcp-established")
        options.allowsExternalUnixSockets = flags.isSet("ext-unix-sk")
        options.isShellJob = flags.isSet("shell-job")
        options.handlesFileLocks = flags.isSet("file-locks")
        options.servesPagesLazily = flags.isSet("lazy-pages")
        options.removesDuplicates = flags.isSet("auto-dedup")
        for name in flags.all("empty-ns") where name != "network" {
            throw UsageError("--empty-ns: namespace \"\(name)\" is not supported: it can be network only")
        }
        if let word = flags.text("manage-cgroups-mode") {
            guard let mode = CgroupsMode(word: word) else {
                throw UsageError("invalid manage-cgroups-mode \"\(word)\": it is soft, full, strict or ignore")
            }
            options.cgroupsMode = mode
        }
        return options
    }

    /// CRIU wants root's privileges for most of what it does.
    static func warnOfRootless(_ invocation: Invocation) {
        guard ThisProcess.effectiveUser != 0 else { return }
        invocation.log.warn("\(invocation.program) checkpoint is untested with rootless containers")
    }
}
