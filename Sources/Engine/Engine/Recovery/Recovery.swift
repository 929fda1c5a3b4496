internal import BlockingThreads
internal import LineConnections
internal import LineProtocol
internal import LinuxKernel
internal import Logging
internal import Snapshots

// After a start: every container is found where the last supervisor left it, whatever moment that was. What was half
// done is finished or undone; each thing done is one line of the log.

extension Containers {
    /// Reads the database and takes up every container in it.
    func restore() async throws(ProtocolFailure) {
        let (records, unreadable) = try await services.store.containers()
        for row in unreadable {
            services.log.error(
                "container \(row.id): its record cannot be read (\(row.reason)); it is left as it is and not shown")
        }
        for record in records {
            let container = Container(record, services, registry: self)
            if record.lifecycle.phase == .creating {
                services.log.warning("container \(record.shortID) (\(record.name)): creation was interrupted: undone")
                await container.undoCreation(volumes)
            } else {
                add(container, named: record.name)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for container in all { group.addTask { await container.recover() } }
        }
        await revive()
        await nameStrangers(known: Set(records.map(\.id) + unreadable.map(\.id)))
    }

    /// Starts what its policy brings back: none before those that it joins have had their turn.
    private func revive() async {
        var records: [ContainerRecord] = []
        for container in all { records.append(await container.record) }
        for id in StartOrder(records).ids { await (try? find(id))?.revive() }
    }

    /// Directories without a record belong to a database that was lost: they are named and left.
    private func nameStrangers(known: Set<String>) async {
        let directory = services.layout.containers
        let found = await services.threads.run { () throws(Never) in
            (try? Descriptor.workingDirectory.entries(of: directory).map(\.name)) ?? []
        }
        for name in found.sorted() where !known.contains(name) {
            services.log.warning("\(directory)/\(name): the database knows no such container; it is left as it is")
        }
    }
}

extension Container {
    /// Takes the container up where the last supervisor left it.
    func recover() async {
        await gate.enter()
        let waits = await takeUp()
        gate.leave()
        // A shim that went between the two is found by the watch.
        if let waits { watchEnd(of: waits) }
    }

    /// Lets its turn come, beside everything else, if it is to run again.
    func revive() async {
        await gate.enter()
        _ = try? await happen(.found(AfterEnd(record)))
        gate.leave()
        if record.lifecycle.isRunning, record.lifecycle.comesBack { takeUpRestart() }
    }

    /// A restart that was interrupted before the container had ended goes on, beside everything else.
    private func takeUpRestart() {
        log("restart was interrupted: finished")
        Task {
            do throws(ProtocolFailure) { try await restart(timeout: nil, signal: nil) } catch {
                services.log.error("container \(record.shortID) (\(record.name)): restart failed: \(error.message)")
            }
        }
    }

    /// Answers the shim to watch, if the container runs.
    private func takeUp() async -> ShimConnection? {
        var running: ShimConnection?
        do throws(ProtocolFailure) {
            running = try await takeUpPhase()
            if record.lifecycle.phase != .gone { try await takeUpUpdate() }
        } catch {
            services.log.error("container \(record.shortID) (\(record.name)): recovery failed: \(error.message)")
        }
        return running
    }

    private func takeUpPhase() async throws(ProtocolFailure) -> ShimConnection? {
        switch record.lifecycle.phase {
        case .running, .paused: return try await takeUpRunning()
        case .starting: return try await takeUpStarting()
        case .removing:
            log("removal was interrupted: finished")
            try await delete()
        case .exited where record.specification.removeOnExit:
            log("ended: removed, as it was made to be")
            try await removeNow(volumes: true)
        case .exited, .created, .restarting: await tearDownLeftovers()
        case .creating, .dead, .gone: break
        }
        return nil
    }

    private func takeUpRunning() async throws(ProtocolFailure) -> ShimConnection? {
        if let shim = await connectedShim() {
            self.shim = shim
            // A shim that goes now is found by the watch.
            if let state = try? await shim.call(ShimState.self, Nothing()).value {
                try await takeUpPause(state.isPaused)
            }
            log("still there")
            return shim
        }
        try await end(with: await recordOnDisk())
        return nil
    }

    /// The start got as far as it got: running and not yet on the books, or not running, and then undone.
    private func takeUpStarting() async throws(ProtocolFailure) -> ShimConnection? {
        if let shim = await connectedShim() {
            self.shim = shim
            let state = try await shim.call(ShimState.self, Nothing()).value
            if let started = state.started {
                _ = try await happen(.started(pid: state.pid, at: started))
                log("start was interrupted, but it runs")
                return shim
            }
        } else if let exit = await recordOnDisk(), let started = exit.started {
            _ = try await happen(.started(pid: 0, at: started))
            try await end(with: exit)
            return nil
        }
        log("start was interrupted: undone")
        _ = try await happen(.startInterrupted)
        if record.specification.removeOnExit { try await removeNow(volumes: true) }
        return nil
    }

    private func end(with exit: ExitRecord?) async throws(ProtocolFailure) {
        log(exit.map { "ended meanwhile with code \($0.exitCode)" } ?? "its shim is gone without a record")
        let exit =
            exit
            ?? ExitRecord(
                exitCode: 255, finished: .now, started: record.lifecycle.started,
                error: "the shim is gone without a record, the exit code is lost")
        await hear(ofKills: exit.outOfMemoryKills ?? 0)
        let rest = try await happen(.ended(exit, AfterEnd(record)))
        if rest.contains(.delete) { try await delete() }
    }

    /// A shim that was launched a moment before the crash may not listen yet: as long as its process is there, it is
    /// asked again.
    func connectedShim() async -> ShimConnection? {
        for _ in 0..<100 {
            if let shim = try? await ShimConnection(to: paths.socket, services) { return shim }
            guard await shimIsAlive() else { return nil }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private func shimIsAlive() async -> Bool {
        let (path, shim) = (paths.shimPID, services.configuration.shim)
        return await services.threads.run { () throws(Never) in
            let here = Descriptor.workingDirectory
            guard let text = try? here.readFile(path, limit: 64),
                let pid = Int32(String(decoding: text, as: UTF8.self).filter { !$0.isWhitespace }),
                let name = try? here.readFile("/proc/\(pid)/cmdline", limit: 1 << 16)
            else { return false }
            // The number may be another process's by now.
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self).hasSuffix("wherry-shim")
                || (try? here.readSymbolicLink("/proc/\(pid)/exe")) == shim
        }
    }

    /// A crash between the end's record and the cleaning up leaves a mount, or a bundle.
    private func tearDownLeftovers() async {
        let bundle = paths.bundle
        let isThere = await services.threads.run { () throws(Never) in
            (try? Descriptor.workingDirectory.exists(bundle)) == true
        }
        guard isThere else { return }
        log("cleaned up after its last run")
        shim = try? await ShimConnection(to: paths.socket, services)
        await tearDown()
    }

    private func log(_ what: String) {
        services.log.notice("container \(record.shortID) (\(record.name)): \(what)")
    }
}
