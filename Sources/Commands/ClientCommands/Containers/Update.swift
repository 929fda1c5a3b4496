internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Update: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change the limits of containers, whether they run or not.")

    @OptionGroup var resources: ResourceArguments

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        let changes = try resources.value()
        guard changes != ContainerResources() else {
            throw refusal("you must provide one or more flags when using this command")
        }
        return try client.forEach(containers) { name in
            _ = try client.call(ContainerUpdate.self, ContainerUpdate.Parameters(container: name, resources: changes))
            try client.print(name)
        }
    }
}
