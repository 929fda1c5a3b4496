internal import CheckpointRestore
internal import LinuxKernel

/// Starts the CRIU that restores a container: in the container's cgroups, so that what it makes is born there, and in a
/// mount namespace of its own, so that nothing of what it needs mounted is ever seen on the host or stays there.
struct RestoringProcess {
    let program: CriuProgram
    let cgroup: Descriptor?
    let entry: ProcessEntry
    let scaffold: RestoreScaffold
    /// Its standard streams.
    let streams: [Descriptor]
    /// Its descriptors behind the socket.
    let inherited: [Descriptor]

    func start() throws(RuntimeError) -> (process: HeldProcess, conversation: CriuConversation) {
        let (ours, theirs) = try performing("cannot reach criu", UnixSocket.sequencedPair)
        defer { theirs.close() }
        let (report, reporter) = try performing("cannot reach criu", UnixSocket.sequencedPair)
        let request = CloneRequest(.mount, cgroup: cgroup)
        let made = try performing("cannot make a process") { () throws(SystemError) in try ThisProcess.clone(request) }
        switch consume made {
        case .parent(let handle):
            reporter.close()
            defer { report.close() }
            let process = HeldProcess(handle)
            do throws(RuntimeError) {
                if let message = try RuntimeEnd(socket: report).next() {
                    throw RuntimeError(.system, "did not expect \(message.name) of criu")
                }
            } catch {
                ours.close()
                _ = try? process.handle.wait()
                throw error
            }
            return (process, CriuConversation(ours))
        case .child:
            become(theirs, reporter)
        }
    }

    // MARK: In the new process

    private func become(_ socket: Descriptor, _ reporter: Descriptor) -> Never {
        // Out of the way of the numbers that CRIU's descriptors get.
        let high = try? reporter.duplicate(atLeast: 64).release()
        let report = ContainerEnd(socket: high ?? reporter)
        do throws(RuntimeError) {
            try entry.joinCgroups()
            try scaffold.build()
            try performing("cannot run \(program.path)") { () throws(SystemError) in
                try install(streams + [socket] + inherited)
                ThisProcess.restoreSignalHandling()
                throw ThisProcess.execute(
                    program.path, arguments: CriuProgram.arguments, environment: ThisProcess.environment)
            }
        } catch { report.send(.failed(error)) }
        ThisProcess.leave(1)
    }

    /// Element `n` becomes descriptor `n`; no other stays.
    private func install(_ descriptors: [Descriptor]) throws(SystemError) {
        try ThisProcess.closeOnExecution(from: 0)
        var copies: [Descriptor] = []
        // First out of the way of each other.
        for descriptor in descriptors {
            copies.append(try descriptor.duplicate(atLeast: CInt(descriptors.count)).release())
        }
        for (number, copy) in copies.enumerated() { try copy.install(as: CInt(number)) }
    }
}
