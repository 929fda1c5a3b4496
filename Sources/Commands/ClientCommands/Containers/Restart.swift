internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Restart: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop containers, if they run, and start them.")

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
                ContainerRestart.self,
                ContainerRestart.Parameters(container: name, timeout: timeout, signal: signal))
            try client.print(name)
        }
    }
}
