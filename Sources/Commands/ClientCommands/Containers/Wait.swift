internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Wait: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until containers have ended, and print their exit codes.")

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(containers) { name in
            let record = try client.call(ContainerWait.self, ContainerWait.Parameters(container: name))
            try client.print("\(record.exitCode)")
        }
    }
}
