internal import BlockingThreads
internal import LineConnections
internal import LineProtocol
internal import LinuxKernel
internal import Logging
internal import Snapshots

extension Container {
    /// Waits, beside everything else, for the container's end.
    func watchEnd(of shim: ShimConnection) {
        watchMemory(of: shim)
        watch = Task {
            if let exit = await shim.waitForEnd() { return await self.takeEnd(exit) }
            // The connection may have gone and not the shim: it is asked once more.
            await self.takeEnd(await self.reconnect()?.waitForEnd())
        }
    }

    private func reconnect() async -> ShimConnection? {
        guard let again = await connectedShim() else { return nil }
        shim = again
        return again
    }

    /// Puts the end on the books, once. Without a record from the shim, the one on disk counts; a shim that was
    /// killed before it wrote one has taken the exit code with it.
    func takeEnd(_ reported: ExitRecord?) async {
        await gate.enter()
        defer { gate.leave() }
        guard record.lifecycle.isRunning else { return }
        let exit: ExitRecord
        if let reported { exit = reported } else { exit = await recordOnDisk() ?? lostExit() }
        await endExecs()
        await hear(ofKills: exit.outOfMemoryKills ?? 0)
        do throws(ProtocolFailure) {
            let rest = try await happen(.ended(exit, AfterEnd(record)))
            if rest.contains(.delete) { try await delete() }
        } catch {
            services.log.error("container \(record.shortID) (\(record.name)): \(error.message)")
        }
    }

    func recordOnDisk() async -> ExitRecord? {
        let path = paths.exitRecord
        return await services.threads.run { () throws(Never) in readExitRecord(path) }
    }

    func discardExitRecord() async throws(ProtocolFailure) {
        let path = paths.exitRecord
        try await services.threads.run { () throws(ProtocolFailure) in
            do throws(SystemError) { try Descriptor.workingDirectory.removeTree(path) } catch {
                throw ProtocolFailure(error)
            }
        }
    }

    private func lostExit() -> ExitRecord {
        services.log.error(
            "container \(record.shortID) (\(record.name)): its shim is gone without a record, the exit code is lost")
        return ExitRecord(
            exitCode: 255, finished: .now, started: record.lifecycle.started,
            error: "the shim is gone without a record, the exit code is lost")
    }

    /// Lets the shim go, kills what a dead shim may have left, unmounts, and deletes what belongs to one run.
    func tearDown() async {
        watch = nil
        let isClosed = (try? await shim?.call(ShimClose.self, Nothing())) != nil
        await shim?.disconnect()
        shim = nil
        if !isClosed { await deleteFromRuntime() }
        let (snapshots, paths) = (services.snapshots, paths)
        do throws(ProtocolFailure) {
            try await services.threads.run { () throws(ProtocolFailure) in
                do throws(SnapshotError) { try snapshots.unmount(at: paths.rootfs) } catch {
                    throw ProtocolFailure(error)
                }
                do throws(SystemError) { try paths.removeBundle() } catch { throw ProtocolFailure(error) }
            }
        } catch {
            services.log.error("container \(record.shortID) (\(record.name)): cannot clean up: \(error.message)")
        }
    }

    /// What a shim does when it closes, for a container whose shim is not there.
    private func deleteFromRuntime() async {
        let request = SpawnRequest(
            path: services.configuration.runtime,
            arguments: ["wherry-runtime", "--root", services.layout.runtimeState, "delete", "--force", id],
            environment: ["PATH=\(ContainerConfiguration.defaultPath)"], descriptors: [])
        await services.threads.run { () throws(Never) in
            do throws(SystemError) {
                let null = try Descriptor.workingDirectory.open("/dev/null", .readWrite)
                var request = request
                request.descriptors = [null.descriptor, null.descriptor, null.descriptor]
                _ = try request.spawn().wait()
            } catch { /* A runtime that cannot be run has nothing running either. */  }
        }
    }
}

/// What a shim wrote at `path`; nil when it is not there, or no such record.
func readExitRecord(_ path: String) -> ExitRecord? {
    guard let bytes = try? Descriptor.workingDirectory.readFile(path, limit: 1 << 20) else { return nil }
    return try? decodeJSON(ExitRecord.self, bytes)
}
