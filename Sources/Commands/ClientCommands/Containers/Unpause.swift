internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Unpause: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpause", abstract: "Let the processes of paused containers go on.")

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            _ = try client.call(ContainerUnpause.self, ContainerName(name))
            try client.print(name)
        }
    }
}
