internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

extension Command {
    static let state = Command("state", "tell the state of a container", arguments: "<container-id>", count: 1...1) {
        invocation in
        let report = try invocation.root.engine.state(invocation.container)
        try Descriptor.standardOutput.writeAll(report.json(withOwner: false).lines)
        return 0
    }
}
