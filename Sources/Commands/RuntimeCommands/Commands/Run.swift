internal import RuntimeEngine

extension Command {
    static let run = Command(
        "run", "create a container and start it", arguments: "<container-id>",
        flags: CreationFlags.all + [
            Flag("detach", "d", "returns once the container's process runs"),
            Flag("keep", "keeps the container when its process has ended"),
            Flag("no-subreaper", "does not adopt processes that the container leaves behind"),
        ], count: 1...1
    ) { invocation in
        try telling("\(invocation.program) run failed") {
            var options = RunOptions(create: try CreationFlags.options(invocation))
            options.detach = invocation.flags.isSet("detach")
            options.keep = invocation.flags.isSet("keep")
            options.noSubreaper = invocation.flags.isSet("no-subreaper")
            return try invocation.root.engine.run(invocation.container, options)
        }
    }
}
