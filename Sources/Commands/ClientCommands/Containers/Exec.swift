internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Exec: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command in a running container.")
    static var role: ExitCodes.Role { .runsInContainer }

    @Flag(name: .shortAndLong, help: "Run in the background.")
    var detach = false

    @Flag(name: .shortAndLong, help: "Keep standard input open.")
    var interactive = false

    @Flag(name: .shortAndLong, help: "Allocate a terminal.")
    var tty = false

    @OptionGroup var streams: StreamOptions

    @Option(
        name: [.customShort("e", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a variable; NAME alone takes the client's value.", valueName: "name=value"))
    var env: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("Read variables from a file.", valueName: "file"))
    var envFile: [String] = []

    @Option(
        name: [.customShort("w", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Working directory in the container.", valueName: "path"))
    var workdir: String?

    @Option(
        name: [.customShort("u", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Name or number of a user, and of a group.", valueName: "user[:group]"))
    var user: String?

    @Argument(help: "Name or ID of the container.")
    var container: String

    @Argument(parsing: .captureForPassthrough, help: "Command to run in it, and its arguments.")
    var command: [String]

    func execute(_ client: Client) throws -> Int32 {
        try refuseUnknownFlag(container)
        let keys = try streams.keys()
        if interactive, tty, !detach { try client.requireTerminal() }
        let process = try specification(command, client)
        let supervisor = try client.supervisor()
        let request = detach ? nil : AttachRequest(standardInput: interactive, standardError: !tty)
        let starting = try supervisor.send(
            ContainerExec.self,
            ContainerExec.Parameters(container: container, process: process, attach: request))
        let answer = try supervisor.answer(to: starting)
        let result: ContainerExec.Result = try answer.result()
        if detach {
            answer.line.closeDescriptors()
            return ExitCodes.success
        }
        let pipes = try ContainerStreams(result.streams, answer.line.descriptors)
        let target = SessionTarget(container: container, exec: result.exec)
        // docker does not pass signals on to a process of exec.
        let options = SessionOptions(terminal: tty, keys: keys, proxiesSignals: false)
        let waiting = try target.sendWait(to: supervisor)
        return try AttachedSession(client, target, pipes, waiting: waiting, options).finish(client)
    }

    private func specification(_ command: [String], _ client: Client) throws -> ExecSpecification {
        var process = ExecSpecification(command: command)
        process.environment = try VariableArguments.read(env, files: envFile, environment: client.environment)
        process.workingDirectory = workdir
        process.user = user
        process.terminal = tty
        process.size = tty ? client.terminalSize.map(WindowSize.init) : nil
        return process
    }
}
