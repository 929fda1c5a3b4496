internal import LinuxKernel
internal import RuntimeSpec

extension RuntimeRoot {
    /// Lets the process of a created container run, and waits until it has become its program.
    public func start(_ id: String) throws(RuntimeError) {
        let container = try FoundContainer(id, in: self)
        try container.require([.created], to: "start")
        let pipe = try openPipe(container)
        let relay = NotifySocket.ofCaller?.listen(in: container.directory, log)
        try claim(container)
        try checkFailure(try press(pipe))
        try runPoststart(container)
        if let relay { try wait(for: container, relay) }
    }

    private func wait(for container: FoundContainer, _ relay: ReadinessRelay) throws(RuntimeError) {
        let handle = try performing("cannot watch the container's process") { () throws(SystemError) in
            try container.process?.handle()
        }
        if let handle { try relay.wait(for: handle) }
    }

    private func openPipe(_ container: FoundContainer) throws(RuntimeError) -> Pipe {
        let directory = container.directory.descriptor
        do {
            // In this order: while we read, there is a reader even when the container's process has ended.
            let writer = try directory.open(StateFile.fifo, [.writeOnly, .nonBlocking, .noFollow])
            let reader = try directory.open(StateFile.fifo, [.readOnly, .nonBlocking, .noFollow])
            return Pipe(reader: reader, writer: writer)
        } catch {
            throw RuntimeError(.wrongState, "cannot start container \"\(container.stored.id)\": its process has ended")
        }
    }

    /// Returns what the process left in the pipe, which it has for reading and writing, when it became the program or
    /// ended: then it is the last writer that closes its end.
    private func press(_ pipe: consuming Pipe) throws(RuntimeError) -> [UInt8] {
        let (reader, writer) = pipe.split()
        defer { reader.close() }
        return try performing("cannot start the container") { () throws(SystemError) in
            do {
                defer { writer.close() }
                try writer.writeAll(StartPipe.go)
            }
            while try !reader.wait(for: []).contains(.hangUp) {}
            return try reader.readAll(limit: StartPipe.mostRead)
        }
    }

    /// Whoever removes the pipe starts the container; anybody else comes too late.
    private func claim(_ container: FoundContainer) throws(RuntimeError) {
        do { try container.directory.descriptor.removeFile(StateFile.fifo) } catch {
            guard error.errno == .noEntry else { throw RuntimeError("cannot start the container", error) }
            throw RuntimeError(.wrongState, "cannot start container \"\(container.stored.id)\": it is running")
        }
    }

    private func checkFailure(_ left: [UInt8]) throws(RuntimeError) {
        if left == StartPipe.go {
            throw RuntimeError(.system, "cannot start the container: its process was killed before it read the order")
        }
        if let error = RuntimeError(line: String(decoding: left, as: UTF8.self)) { throw error }
    }

    /// One that fails stops the container: runtime.md, "Lifecycle".
    private func runPoststart(_ container: FoundContainer) throws(RuntimeError) {
        guard let hooks = container.stored.hooks?.poststart else { return }
        do throws(RuntimeError) { try HookRunner(state: container.state(.running)).run(hooks, "poststart") } catch {
            try? end(container)
            throw error
        }
    }
}
