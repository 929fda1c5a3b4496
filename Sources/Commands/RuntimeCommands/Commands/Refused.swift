internal import RuntimeEngine

/// Commands of runc's that are not there yet. They have names so that whoever calls them reads why.
extension Command {
    static let checkpoint = refused("checkpoint", "not supported yet: save a container to start it again later")
    static let restore = refused("restore", "not supported yet: start a container that was saved")

    private static func refused(_ name: String, _ summary: String) -> Command {
        Command(name, summary, arguments: "<container-id>", count: 0...Int.max, literalAfter: 0) { invocation in
            throw CommandFailure(
                "\(name): \(invocation.program) does not support this command yet",
                kind: RuntimeError.Kind.notSupported.rawValue)
        }
    }
}
