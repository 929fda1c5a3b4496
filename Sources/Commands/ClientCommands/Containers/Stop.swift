internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Stop: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop running containers.")

    @Option(
        name: [.customShort("t", allowingJoined: true), .long, .customLong("time")], parsing: .unconditional,
        help: ArgumentHelp("Seconds to wait before killing; -1: for ever.", valueName: "seconds"))
    var timeout: Int?

    @Option(
        name: [.customShort("s", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Signal to send first.", valueName: "signal"))
    var signal: String?

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            _ = try client.call(
                ContainerStop.self, ContainerStop.Parameters(container: name, timeout: timeout, signal: signal))
            try client.print(name)
        }
    }
}
