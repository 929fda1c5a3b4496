internal import BlockingThreads
internal import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import Logging
internal import Snapshots

extension Container {
    /// Removes the container; one that runs only by force, which kills it first.
    public func remove(force: Bool, volumes: Bool) async throws(ProtocolFailure) {
        if force { try await enterGateWhenEnded() } else { await gate.enter() }
        defer { gate.leave() }
        // A container that removes itself may have been faster: then there is nothing left to do.
        if force, record.lifecycle.phase == .gone { return }
        if try await happen(.removeRequested(force: force, volumes: volumes)).contains(.delete) { try await delete() }
    }

    /// Kills what runs. A start that is under way has the gate: what it made runs only afterwards.
    private func enterGateWhenEnded() async throws(ProtocolFailure) {
        await gate.enter()
        while record.lifecycle.isRunning {
            gate.leave()
            try await killAndWait()
            await gate.enter()
        }
    }

    private func killAndWait() async throws(ProtocolFailure) {
        do throws(ProtocolFailure) { try await kill(signal: "KILL") } catch {
            // It ended a moment ago by itself.
            guard error.kind == .wrongState else { throw error }
        }
        _ = try await waitForEnd()
    }

    /// Removes a container that does not run; the gate is held.
    func removeNow(volumes: Bool) async throws(ProtocolFailure) {
        if try await happen(.removeRequested(force: false, volumes: volumes)).contains(.delete) { try await delete() }
    }

    /// Deletes all that belongs to the container, and then its record.
    func delete() async throws(ProtocolFailure) {
        let (snapshots, id, paths) = (services.snapshots, id, paths)
        do throws(ProtocolFailure) {
            try await services.threads.run { () throws(ProtocolFailure) in
                do throws(SnapshotError) {
                    try snapshots.unmount(at: paths.rootfs)
                    try snapshots.removeContainer(id)
                } catch { throw ProtocolFailure(error) }
                do throws(SystemError) {
                    try paths.removeBundle()
                    try Descriptor.workingDirectory.removeTree(paths.lasting)
                } catch { throw ProtocolFailure(error) }
            }
        } catch {
            _ = try? await happen(.removalFailed(error.message))
            throw error
        }
        if record.lifecycle.removesVolumes { await registry.removeAnonymousVolumes(of: record) }
        _ = try await happen(.removed)
    }
}

extension Containers {
    func removeAnonymousVolumes(of container: ContainerRecord) async {
        for mount in container.mounts where mount.isAnonymous {
            guard let volume = mount.volume else { continue }
            do throws(ProtocolFailure) { try await volumes.remove(volume) } catch {
                services.log.error("volume \(volume): cannot be removed: \(error.message)")
            }
        }
    }
}
