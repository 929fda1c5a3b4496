internal import RuntimeEngine

extension Command {
    static let start = Command(
        "start", "let the process of a created container begin", arguments: "<container-id>", count: 1...1
    ) { invocation in
        try invocation.root.engine.start(invocation.container)
        return 0
    }
}
