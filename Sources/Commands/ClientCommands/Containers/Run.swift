internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Run: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Make a container from an image, and run it.")
    static var role: ExitCodes.Role { .runsContainer }

    @Flag(name: .shortAndLong, help: "Run in the background, and print the container's ID.")
    var detach = false

    @OptionGroup var options: ContainerOptions
    @OptionGroup var streams: StreamOptions

    @Flag(inversion: .prefixedNo, help: "Pass signals on to the process.")
    var sigProxy = true

    @Argument(help: "Name or ID of the image.")
    var image: String

    @Argument(parsing: .captureForPassthrough, help: "Command to run in it instead of the image's, and its arguments.")
    var command: [String] = []

    func execute(_ client: Client) throws -> Int32 {
        try refuseUnknownFlag(image)
        let keys = try streams.keys()
        let request = try attachRequest(client)
        let created = try CreatedContainer(
            options.specification(image, command, client.environment, isAttached: !detach), options,
            client)
        do {
            guard let request else {
                _ = try client.call(ContainerStart.self, ContainerStart.Parameters(container: created.id))
                try client.print(created.id)
                return ExitCodes.success
            }
            let session = SessionOptions(terminal: options.tty, keys: keys, proxiesSignals: sigProxy)
            let target = SessionTarget(container: created.id, isRemovedOnExit: options.remove)
            return try AttachedStart(target, request, session).run(client)
        } catch let failure as ProtocolFailure {
            // It never ran: nothing but us knows that it was meant to go afterwards.
            if options.remove { removeQuietly(created.id, client) }
            throw failure
        }
    }

    /// Nil when nothing is to be attached.
    private func attachRequest(_ client: Client) throws -> AttachRequest? {
        if detach {
            guard options.attach.isEmpty else { throw refusal("--attach and --detach contradict each other") }
            return nil
        }
        let request = try AttachArguments.request(options.attach, interactive: options.interactive)
        if request.standardInput, options.tty { try client.requireTerminal() }
        return request
    }

    private func removeQuietly(_ id: String, _ client: Client) {
        _ = try? client.call(
            ContainerRemove.self, ContainerRemove.Parameters(container: id, force: true, volumes: true))
    }
}

extension Client {
    /// A program with a terminal of its own reads from one of ours.
    func requireTerminal() throws {
        guard input.isTerminal else {
            throw CommandFailure("the input device is not a terminal: leave out --tty, or --interactive")
        }
    }
}
