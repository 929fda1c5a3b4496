internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec

extension RuntimeRoot {
    /// Creates and starts a container, and unless detached waits for its process, passes on signals and the terminal,
    /// and deletes it. Returns the process's exit code, 128 and the signal's number if a signal ended it, or 0 when
    /// detached.
    public func run(_ id: String, _ options: RunOptions) throws(RuntimeError) -> Int32 {
        try OwnExecutable.requireProtection(telling: log)
        let order = try ContainerOrder(id, options.create, in: self)
        try TerminalRules.check(
            wanted: order.configuration.process?.terminal ?? false, detach: options.detach,
            consoleSocket: options.create.consoleSocket)
        if !options.noSubreaper {
            try performing("cannot adopt processes (--no-subreaper)", ThisProcess.becomeSubreaper)
        }
        let container = try order.carryOut(startsBy: .thisCall)
        let status: ExitStatus?
        do throws(RuntimeError) {
            let relay = order.readiness?.listen(in: container.directory, log)
            status = try startAndWait(container, options, relay)
        } catch {
            try? finish(container, killing: true)
            throw error
        }
        guard let status else { return 0 }
        if !options.keep { try finish(container, killing: false) }
        return status.shellCode
    }

    /// Nil when detached.
    private func startAndWait(_ container: CreatedContainer, _ options: RunOptions, _ relay: ReadinessRelay?)
        throws(RuntimeError) -> ExitStatus?
    {
        if options.detach {
            try begin(container)
            try relay?.wait(for: container.process.handle)
            return nil
        }
        let session = try ForegroundSession(container.process, terminal: container.terminal, relay: relay)
        do throws(RuntimeError) { try begin(container) } catch {
            session.giveUp()
            throw error
        }
        return try session.wait()
    }

    private func begin(_ container: CreatedContainer) throws(RuntimeError) {
        try container.process.begin()
        var state = container.state
        state.status = .running
        try HookRunner(state: state, in: state.bundle).run(container.hooks?.poststart, "poststart")
    }

    private func finish(_ container: CreatedContainer, killing: Bool) throws(RuntimeError) {
        if killing {
            try? container.process.handle.signal(Signal.kill)
            _ = try? container.process.handle.wait()
        }
        try withCgroups { () throws(CgroupError) in
            try container.manager.killRemains()
            try container.manager.destroy()
        }
        try ResourceControl.remove(container.resourceControl)
        try container.directory.remove()
        var state = container.state
        (state.status, state.pid) = (.stopped, nil)
        for error in HookRunner(state: state).runAll(container.hooks?.poststop, "poststop") { log.warn(error.message) }
    }
}
