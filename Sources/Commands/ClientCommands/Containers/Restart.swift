internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Restart: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop containers, if they run, and start them.")

    @OptionGroup var ending: StopOptions

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            _ = try client.call(
                ContainerRestart.self,
                ContainerRestart.Parameters(container: name, timeout: ending.timeout, signal: ending.signal))
            try client.print(name)
        }
    }
}
