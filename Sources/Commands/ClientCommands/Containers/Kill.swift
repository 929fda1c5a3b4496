internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Kill: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Send a signal to running containers.")

    @Option(
        name: [.customShort("s", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Name or number of a signal.", valueName: "signal"))
    var signal = "KILL"

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            _ = try client.call(ContainerKill.self, ContainerKill.Parameters(container: name, signal: signal))
            try client.print(name)
        }
    }
}
