internal import LineProtocol
internal import LinuxKernel

/// The process whose streams a session carries: a container's own, or one of `exec` in it. What a session asks the
/// supervisor about it.
struct SessionTarget: Sendable {
    let container: String
    var exec: String?
    /// The container goes when its process has ended (`--rm`), and only then the command is done.
    var isRemovedOnExit = false

    /// Asks for the exit code of a process that runs, or has run.
    func sendWait(to supervisor: Supervisor) throws -> RequestID {
        if let exec {
            return try supervisor.send(
                ContainerExecWait.self, ContainerExecWait.Parameters(container: container, exec: exec))
        }
        return try sendWait(to: supervisor, for: isRemovedOnExit ? .removed : .notRunning)
    }

    /// Asks for the exit code of a process that is about to be started.
    func sendWaitBeforeStart(to supervisor: Supervisor) throws -> RequestID {
        try sendWait(to: supervisor, for: isRemovedOnExit ? .removed : .nextExit)
    }

    private func sendWait(to supervisor: Supervisor, for condition: ContainerWait.Parameters.Condition) throws
        -> RequestID
    {
        try supervisor.send(ContainerWait.self, ContainerWait.Parameters(container: container, condition: condition))
    }

    func sendSignal(_ number: CInt, to supervisor: Supervisor) throws {
        try supervisor.send(ContainerKill.self, ContainerKill.Parameters(container: container, signal: "\(number)"))
    }

    func sendSize(_ size: TerminalSize, to supervisor: Supervisor) throws {
        try supervisor.send(
            ContainerResize.self,
            ContainerResize.Parameters(container: container, exec: exec, size: WindowSize(size)))
    }
}

extension WindowSize {
    init(_ size: TerminalSize) { self.init(columns: size.columns, rows: size.rows) }
}
