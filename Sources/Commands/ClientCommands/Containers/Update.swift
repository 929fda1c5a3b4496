internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Update: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change the limits and the restart policies of containers.")

    @OptionGroup var resources: ResourceArguments

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "When to start it again: no, on-failure[:n], always or unless-stopped.", valueName: "policy"))
    var restart: String?

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "container"))
    var containers: [String]

    func execute(_ client: Client) throws -> Int32 {
        let (changes, policy) = (try resources.value(), try restart.map(RestartArgument.parse))
        guard changes != ContainerResources() || policy != nil else {
            throw refusal("you must provide one or more flags when using this command")
        }
        return try client.forEach(containers) { name in
            let wanted = ContainerUpdate.Parameters(container: name, resources: changes, restart: policy)
            _ = try client.call(ContainerUpdate.self, wanted)
            try client.print(name)
        }
    }
}
