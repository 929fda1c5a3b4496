internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Attach: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Attach to the streams of a running container.")

    @Flag(name: .customLong("no-stdin"), help: "Do not attach standard input.")
    var noInput = false

    @OptionGroup var streams: StreamOptions

    @Flag(inversion: .prefixedNo, help: "Pass signals on to the process.")
    var sigProxy = true

    @Argument(help: ArgumentHelp("Name or ID.", valueName: "container"))
    var container: String

    func execute(_ client: Client) throws -> Int32 {
        let keys = try streams.keys()
        let found = try client.call(ContainerInspect.self, ContainerName(container))
        try refuseUnlessRunning(found.state)
        let configuration = found.configuration
        let wantsInput = !noInput && configuration.openStandardInput
        if wantsInput, configuration.terminal { try client.requireTerminal() }
        let target = SessionTarget(container: found.id, isRemovedOnExit: found.hostConfiguration.autoRemove)
        let supervisor = try client.supervisor()
        let waiting = try target.sendWait(to: supervisor)
        let attaching = try supervisor.send(
            ContainerAttach.self,
            ContainerAttach.Parameters(container: found.id, attach: AttachRequest(standardInput: wantsInput)))
        let answer = try supervisor.answer(to: attaching)
        let pipes = try ContainerStreams(answer.result(ContainerAttach.Result.self), answer.line.descriptors)
        let options = SessionOptions(
            terminal: configuration.terminal, keys: keys, proxiesSignals: sigProxy && !configuration.terminal,
            redraws: true)
        return try AttachedSession(client, target, pipes, waiting: waiting, options).finish(client)
    }

    private func refuseUnlessRunning(_ state: ContainerInspection.State) throws {
        if state.paused { throw CommandFailure("cannot attach to paused container \(container): unpause it first") }
        if state.restarting {
            throw CommandFailure("cannot attach to restarting container \(container): wait until it is running")
        }
        if !state.running {
            throw CommandFailure("cannot attach to container \(container), which does not run: start it first")
        }
    }
}
