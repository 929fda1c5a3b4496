internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Start: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "start", abstract: "Start containers that do not run.")

    @Flag(name: .shortAndLong, help: "Attach to the output, and pass signals on.")
    var attach = false

    @Flag(name: .shortAndLong, help: "Attach to standard input.")
    var interactive = false

    @OptionGroup var streams: StreamOptions

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        guard attach || interactive else {
            return try client.forEach(containers) { name in
                _ = try client.call(ContainerStart.self, ContainerStart.Parameters(container: name))
                try client.print(name)
            }
        }
        guard containers.count == 1, let name = containers.first else {
            throw CommandFailure("only one container can be started and attached to at once")
        }
        return try startAttached(name, client)
    }

    private func startAttached(_ name: String, _ client: Client) throws -> Int32 {
        let keys = try streams.keys()
        let container = try client.call(ContainerInspect.self, ContainerName(name))
        let configuration = container.configuration
        let wantsInput = interactive && configuration.openStandardInput
        if wantsInput, configuration.terminal { try client.requireTerminal() }
        let target = SessionTarget(
            container: container.id, isRemovedOnExit: container.hostConfiguration.autoRemove)
        let options = SessionOptions(terminal: configuration.terminal, keys: keys)
        return try AttachedStart(target, AttachRequest(standardInput: wantsInput), options).run(client)
    }
}
