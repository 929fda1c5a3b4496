internal import LinuxKernel
internal import RuntimeSpec

extension RuntimeRoot {
    /// Lets the process of a created container run, and waits until it has become its program.
    public func start(_ id: String) throws(RuntimeError) {
        let container = try FoundContainer(id, in: self)
        try container.require([.created], to: "start")
        let pipe = try openPipe(container)
        try claim(container)
        try performing("cannot start the container") { () throws(SystemError) in
            try pipe.descriptor.writeAll("1")
            // The last reader closes its end when it becomes the program, or ends.
            while try !pipe.descriptor.wait(for: []).contains(.error) {}
        }
        try checkFailure(container)
        runPoststart(container)
    }

    private func openPipe(_ container: FoundContainer) throws(RuntimeError) -> OwnedDescriptor {
        do {
            return try container.directory.descriptor.open(StateFile.fifo, [.writeOnly, .nonBlocking, .noFollow])
        } catch {
            throw RuntimeError(.wrongState, "cannot start container \"\(container.stored.id)\": its process has ended")
        }
    }

    /// Whoever removes the pipe starts the container; anybody else comes too late.
    private func claim(_ container: FoundContainer) throws(RuntimeError) {
        do { try container.directory.descriptor.removeFile(StateFile.fifo) } catch {
            guard error.errno == .noEntry else { throw RuntimeError("cannot start the container", error) }
            throw RuntimeError(.wrongState, "cannot start container \"\(container.stored.id)\": it is running")
        }
    }

    private func checkFailure(_ container: FoundContainer) throws(RuntimeError) {
        let line = try container.directory.read(StateFile.startFailure) ?? []
        try? container.directory.descriptor.removeFile(StateFile.startFailure)
        if let error = RuntimeError(line: String(decoding: line, as: UTF8.self)) { throw error }
    }

    private func runPoststart(_ container: FoundContainer) {
        guard let hooks = container.stored.hooks?.poststart else { return }
        for error in HookRunner(state: container.state(.running)).runAll(hooks, "poststart") { warn(error.message) }
    }
}
