internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct PruneContainers: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove all containers that do not run.")

    @OptionGroup var options: PruneOptions

    private static let question = """
        WARNING! This will remove all stopped containers.
        Are you sure you want to continue? [y/N]\u{20}
        """

    func execute(_ client: Client) throws -> Int32 {
        let (until, filters) = try KeyValue.pruneFilters(options.filter)
        guard try options.force || client.confirms(Self.question) else {
            throw CommandFailure("container prune has been cancelled")
        }
        let result = try client.call(
            ContainerPrune.self, ContainerPrune.Parameters(until: until, filters: filters))
        if !result.removed.isEmpty {
            try client.print("Deleted Containers:\n" + result.removed.joined(separator: "\n") + "\n")
        }
        try client.print("Total reclaimed space: \(HumanSize.decimal(result.reclaimed, digits: 4))")
        return ExitCodes.success
    }
}
