import LineProtocol
import LinuxKernel

// From the end of the container's process to the end of the shim.

extension Shim {
    /// How often an exit record is tried again that could not be written.
    private static let recordRetry: UInt64 = 1000
    /// How often the runtime is asked to delete the container.
    private static let mostDeletions = 3
    /// How long a slow client may take to read its last answers.
    private static let farewell: CInt = 1000

    func containerEnded(_ status: ExitStatus?) {
        let code = status?.shellCode ?? 255
        lookAtMemory()
        let kills = memory.flatMap { $0.kills == 0 ? nil : $0.kills }
        handle(.containerEnded(ShimStateMachine.End(exitCode: code, finished: .now, outOfMemoryKills: kills)))
    }

    func drainOutput() {
        streams.drain { [unowned self] in
            log?.synchronize()
            handle(.outputEnded)
        }
    }

    func writeRecord(_ record: ExitRecord) {
        do {
            try Descriptor.workingDirectory.writeFileDurably(options.exitFile, Envelope.encode(record))
        } catch {
            Diagnostics.note("the exit status \(record.exitCode) cannot be recorded: \(error)")
            // Whoever removed the directory wants no record any more, and it will not come back.
            if error.errno != .noEntry { return handle(.recordFailed) }
        }
        handle(.recordWritten)
    }

    func retryRecordLater() {
        _ = loop.schedule(afterMilliseconds: Self.recordRetry) { [unowned self] in
            if let record = machine.exit { writeRecord(record) }
        }
    }

    func answerWaiters(_ record: ExitRecord) {
        let waiting = waiters
        waiters = []
        for requester in waiting { reply(requester, record) }
    }

    /// A runtime that was killed in the middle has left cgroups or state: the next one goes on where it stopped.
    func deleteContainer(attempt: Int = 1) {
        runtime.run(.delete) { [unowned self] failure in
            if machine.exit == nil { killLeftovers() }
            if let failure {
                Diagnostics.note("the runtime cannot delete the container: \(failure)")
                if attempt < Self.mostDeletions { return deleteContainer(attempt: attempt + 1) }
            }
            handle(.containerDeleted)
        }
    }

    /// What a runtime that was killed in the middle of a create has left: as their subreaper we are its heir. Heirs
    /// of theirs appear when they are dead.
    private func killLeftovers() {
        while let left = try? Children.all(), !left.isEmpty {
            for child in left {
                try? sendSignal(Signal.kill, toProcess: child)
                if let handle = try? ProcessHandle(opening: child) { _ = try? handle.wait() }
            }
        }
    }

    func removeFiles() {
        connections.stop()
        ShimProgram.removeFiles(options, keepingRemarks: machine.exit != nil)
    }

    func leave(succeeded: Bool) {
        hasSucceeded = succeeded
        isLeaving = true
        for requester in waiters + memoryWaiters.map(\.requester) + execs.values.flatMap(\.waiters) {
            refuse(requester, ProtocolFailure(.wrongState, "the container is deleted"))
        }
        waiters = []
        memoryWaiters = []
        connections.close(withinMilliseconds: Self.farewell)
        attendanceChanged()
    }
}

// MARK: Who is there

extension Shim {
    func connectionsChanged(gone number: Connections.Number?) {
        if let number {
            waiters.removeAll { $0.connection == number }
            memoryWaiters.removeAll { $0.requester.connection == number }
            for exec in execs.values { exec.waiters.removeAll { $0.connection == number } }
        }
        attendanceChanged()
    }

    /// Waiters are connected, so they need no count of their own.
    func attendanceChanged() {
        endedExecs.removeAll { !$0.streams.hasClients }
        Heap.trim()
        let isAttached =
            streams.hasClients || !endedExecs.isEmpty || execs.values.contains { $0.streams.hasClients }
        if isLeaving, !isAttached { loop.stop() }
        handle(.attendanceChanged(isAttached || !connections.isEmpty))
    }
}
