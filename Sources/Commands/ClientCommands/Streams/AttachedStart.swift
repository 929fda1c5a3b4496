internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// Starts a container that exists, and carries its streams from the first byte to its exit code.
struct AttachedStart {
    private let target: SessionTarget
    private let request: AttachRequest
    private let options: SessionOptions

    init(_ target: SessionTarget, _ request: AttachRequest, _ options: SessionOptions) {
        self.target = target
        self.request = request
        self.options = options
    }

    func run(_ client: Client) throws -> Int32 {
        let supervisor = try client.supervisor()
        // Before the start: a process that ends at once must not end unseen.
        let waiting = try target.sendWaitBeforeStart(to: supervisor)
        let size = options.terminal ? client.terminalSize : nil
        let starting = try supervisor.send(
            ContainerStart.self,
            ContainerStart.Parameters(container: target.container, attach: request, size: size.map(WindowSize.init)))
        let answer = try supervisor.answer(to: starting)
        let streams = try ContainerStreams(answer.result(ContainerStart.Result.self), answer.line.descriptors)
        return try AttachedSession(client, target, streams, waiting: waiting, options).finish(client)
    }
}

extension AttachedSession {
    /// Runs the session, and says by an exit code how it ended.
    func finish(_ client: Client) throws -> Int32 {
        switch try run() {
        case .exited(let record):
            if let error = record.error, !error.isEmpty { throw CommandFailure(error, exitCode: record.exitCode) }
            return record.exitCode
        case .detached:
            client.warn("\r")
            return ExitCodes.success
        case .outputClosed: ThisProcess.die(by: Signal.pipe)
        case .signaled(let signal): ThisProcess.die(by: signal)
        }
    }
}

extension Client {
    var terminalSize: TerminalSize? { (try? output.terminalSize()) ?? (try? input.terminalSize()) }
}
