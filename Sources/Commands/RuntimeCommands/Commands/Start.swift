internal import RuntimeEngine

extension Command {
    static let start = Command(
        "start", "executes the user defined process in a created container", arguments: "<container-id>", count: 1...1
    ) { invocation in
        try invocation.root.engine.start(invocation.container)
        return 0
    }
}
