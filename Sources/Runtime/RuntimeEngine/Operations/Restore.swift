internal import CheckpointRestore
internal import LinuxKernel
internal import RuntimeSpec

extension RuntimeRoot {
    /// Makes a container from what ``checkpoint(_:_:)`` saved and from its bundle, and unless detached waits for it as
    /// ``run(_:_:)`` does. Returns the process's exit code, or 0 when detached.
    public func restore(_ id: String, _ options: RestoreOptions) throws(RuntimeError) -> Int32 {
        let order = try ContainerOrder(id, options.create, in: self)
        try TerminalRules.check(
            wanted: order.configuration.process?.terminal ?? false, detach: options.detach,
            consoleSocket: options.create.consoleSocket)
        let program = try withCriu(CriuProgram.init)
        if !options.noSubreaper {
            try performing("cannot adopt processes (--no-subreaper)", ThisProcess.becomeSubreaper)
        }
        let restored = try order.restore(options, program)
        do throws(RuntimeError) {
            try PIDFile.write(restored.process.pid, options.create.pidFile)
            guard !options.detach else { return 0 }
            let status = try ForegroundSession(restored.process, terminal: restored.terminal).wait()
            try remove(FoundContainer(id, in: self))
            return status.shellCode
        } catch {
            try? delete(id, force: true)
            throw error
        }
    }
}
