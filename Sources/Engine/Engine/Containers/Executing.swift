internal import BlockingThreads
internal import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec

/// A process that was started in a running container.
struct Exec: Sendable {
    let command: [String]
    var exit: ExitRecord?
    var waiting: [CheckedContinuation<ExitRecord, Never>] = []
}

extension Container {
    /// How many ended execs' exit codes are kept for `exec-wait`.
    private static var mostRemembered: Int { 256 }

    /// Starts a process in the running container. Its ID names it from then on.
    public func exec(_ wanted: ExecSpecification, attach: AttachRequest?) async throws(ProtocolFailure)
        -> (exec: String, streams: RelayedStreams)
    {
        let shim = try unpausedShim("exec")
        guard let program = wanted.command.first, !program.isEmpty else {
            throw ProtocolFailure(.invalidArgument, "no exec command specified")
        }
        let process = try await process(wanted)
        let id = randomIdentifier()
        let title = wanted.command.joined(separator: " ")
        await announce("exec_create: \(title)", ["execID": id])
        let answer = try await shim.call(
            ShimExec.self, ShimExec.Parameters(exec: id, process: process, attach: attach))
        forgetOldExecs()
        execs[id] = Exec(command: wanted.command)
        await announce("exec_start: \(title)", ["execID": id])
        Task { await self.takeEnd(of: id, await shim.waitForEnd(exec: id)) }
        return (id, RelayedStreams(answer.value.streams, answer.descriptors))
    }

    /// The process: the container's own environment and place, but for what was asked for.
    private func process(_ wanted: ExecSpecification) async throws(ProtocolFailure) -> RuntimeSpec.Process {
        var record = record
        var environment = Environment(record.configuration.environment)
        if wanted.terminal { environment.set("TERM=xterm") }
        for entry in wanted.environment { environment.set(entry) }
        record.configuration.environment = environment.entries
        record.configuration.arguments = wanted.command
        if let directory = wanted.workingDirectory, !directory.isEmpty {
            guard directory.hasPrefix("/") else {
                throw ProtocolFailure(.invalidArgument, "Cwd must be an absolute path")
            }
            record.configuration.workingDirectory = directory
        }
        let name = wanted.user.flatMap { $0.isEmpty ? nil : $0 } ?? record.configuration.user
        let policy = try SecurityPolicy(record.specification.security, services.machine)
        var process = try RuntimeSpec.Process(record, user: try await user(named: name), policy)
        process.terminal = wanted.terminal
        process.oomScoreAdj = nil
        if let size = wanted.size {
            process.consoleSize = ConsoleSize(height: UInt(size.rows), width: UInt(size.columns))
        }
        return process
    }

    private func user(named name: String) async throws(ProtocolFailure) -> User {
        let rootfs = paths.rootfs
        let users = try await services.threads.run { () throws(ProtocolFailure) in
            do throws(SystemError) {
                let root = try Descriptor.workingDirectory.open(rootfs, [.directory])
                return try UserDatabase(below: root.descriptor)
            } catch { throw ProtocolFailure(error) }
        }
        return try users.resolve(name, adding: record.specification.security.groups)
    }

    // MARK: The end of an exec

    /// Answers when the exec has ended, with its exit code.
    public func waitForExec(_ id: String) async throws(ProtocolFailure) -> ExitRecord {
        if let exit = execs[id]?.exit { return exit }
        guard execs[id] == nil else {
            return await withCheckedContinuation { execs[id]?.waiting.append($0) }
        }
        // Started before this supervisor was: its shim knows.
        do throws(ProtocolFailure) {
            return try await runningShim().call(ShimWait.self, ShimWait.Parameters(exec: id)).value
        } catch {
            throw error.kind == .wrongState ? ProtocolFailure(.noSuchExec, "No such exec instance: \(id)") : error
        }
    }

    private func takeEnd(of id: String, _ reported: ExitRecord?) async {
        guard let exec = execs[id], exec.exit == nil else { return }
        // Without an answer the container has ended, and its processes were killed with it.
        let exit = reported ?? ExitRecord(exitCode: 137, finished: .now)
        execs[id]?.exit = exit
        execs[id]?.waiting = []
        for waiter in exec.waiting { waiter.resume(returning: exit) }
        await announce("exec_die", ["execID": id, "exitCode": "\(exit.exitCode)"])
    }

    /// With the container all its processes end.
    func endExecs() async {
        for id in execs.keys { await takeEnd(of: id, nil) }
        execs.removeAll()
    }

    private func forgetOldExecs() {
        let ended = execs.filter { $0.value.exit != nil }
        guard ended.count >= Self.mostRemembered else { return }
        for id in ended.keys.prefix(ended.count - Self.mostRemembered / 2) { execs[id] = nil }
    }
}
