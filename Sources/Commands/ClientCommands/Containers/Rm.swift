internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Rm: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "rm", abstract: "Remove containers.")

    @Flag(name: .shortAndLong, help: "Kill those that run.")
    var force = false

    @Flag(name: .shortAndLong, help: "Remove their volumes that have no name, too.")
    var volumes = false

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            do {
                _ = try client.call(
                    ContainerRemove.self,
                    ContainerRemove.Parameters(container: name, force: force, volumes: volumes))
                try client.print(name)
            } catch let failure as ProtocolFailure where force && failure.kind == .noSuchContainer {
                // What --force wants gone is gone; docker says so, and calls it a success.
                client.complain(failure)
            }
        }
    }
}
