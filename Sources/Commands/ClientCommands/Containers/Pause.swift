internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Pause: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop all processes of running containers, where they are.")

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            _ = try client.call(ContainerPause.self, ContainerName(name))
            try client.print(name)
        }
    }
}
