internal import RuntimeEngine

extension Command {
    static let pause = Command(
        "pause", "stop all processes of a container until it is resumed", arguments: "<container-id>", count: 1...1
    ) { invocation in
        try invocation.root.engine.pause(invocation.container)
        return 0
    }

    static let resume = Command(
        "resume", "let a paused container go on", arguments: "<container-id>", count: 1...1
    ) { invocation in
        try invocation.root.engine.resume(invocation.container)
        return 0
    }
}
