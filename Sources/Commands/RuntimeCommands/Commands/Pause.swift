internal import RuntimeEngine

extension Command {
    static let pause = Command(
        "pause", "pause suspends all processes inside the container", arguments: "<container-id>", count: 1...1
    ) { invocation in
        try invocation.root.engine.pause(invocation.container)
        return 0
    }

    static let resume = Command(
        "resume", "resumes all processes that have been previously paused", arguments: "<container-id>", count: 1...1
    ) { invocation in
        try invocation.root.engine.resume(invocation.container)
        return 0
    }
}
