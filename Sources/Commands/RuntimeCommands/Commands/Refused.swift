internal import RuntimeEngine

/// Commands of runc's that are not there yet. They have names so that whoever calls them reads why.
extension Command {
    static let checkpoint = refused("checkpoint", "checkpoint a running container")
    static let restore = refused("restore", "restore a container from a previous checkpoint")

    private static func refused(_ name: String, _ summary: String) -> Command {
        Command(name, summary, arguments: "<container-id>", count: 0...Int.max, literalAfter: 0) { invocation in
            throw CommandFailure(
                "\(name): \(invocation.program) does not support this command yet",
                kind: RuntimeError.Kind.notSupported.rawValue)
        }
    }
}
