internal import RuntimeEngine

extension Command {
    static let delete = Command(
        "delete", "remove what an ended container leaves: its state and cgroups",
        arguments: "<container-id>",
        flags: [Flag("force", "f", "kills the container first if it runs; one that is not there is no error")],
        count: 1...1
    ) { invocation in
        try invocation.root.engine.delete(invocation.container, force: invocation.flags.isSet("force"))
        return 0
    }
}
