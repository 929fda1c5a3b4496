internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Stop: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop running containers.")

    @OptionGroup var ending: StopOptions

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            _ = try client.call(
                ContainerStop.self,
                ContainerStop.Parameters(container: name, timeout: ending.timeout, signal: ending.signal))
            try client.print(name)
        }
    }
}
