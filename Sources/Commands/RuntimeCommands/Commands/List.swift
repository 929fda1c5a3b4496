internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

extension Command {
    static let list = Command(
        "list", "tell which containers the state directory holds",
        flags: [
            Flag("format", "f", takes: "FORMAT", "table (default) or json"),
            Flag("quiet", "q", "prints nothing but identifiers"),
        ], count: 0...0
    ) { invocation in
        let root = try invocation.root
        let output = Descriptor.standardOutput
        let containers = try reports(root)
        if invocation.flags.isSet("quiet") {
            try output.writeAll(containers.map { $0.id + "\n" }.joined())
            return 0
        }
        switch invocation.flags.text("format") ?? "table" {
        case "table":
            let titles = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]
            try output.writeAll(Columns.text([titles] + containers.map(\.row)))
        case "json":
            // An empty list is `null` in runc's Go, and its readers know.
            let array = JSONValue.array(containers.map { $0.json(withOwner: true) })
            try output.writeAll((containers.isEmpty ? "null" : array.line) + "\n")
        default: throw UsageError("invalid format option")
        }
        return 0
    }

    /// What cannot be read is named on standard error and left out.
    private static func reports(_ root: RootDirectory) throws -> [ContainerReport] {
        if try !Descriptor.workingDirectory.exists(root.path) {
            if root.isGiven { throw SystemError(.noEntry, "open", root.path) }
            return []
        }
        let (containers, warnings) = try root.engine.list()
        for warning in warnings { try Descriptor.standardError.writeAll(warning + "\n") }
        return containers
    }
}
