internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct PruneContainers: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove all containers that do not run.")

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var force = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Remove those that match (until, label, label!).", valueName: "key=value"))
    var filter: [String] = []

    private static let question = """
        WARNING! This will remove all stopped containers.
        Are you sure you want to continue? [y/N]\u{20}
        """

    func execute(_ client: Client) throws -> Int32 {
        let (until, filters) = try KeyValue.pruneFilters(filter)
        guard try force || client.confirms(Self.question) else {
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

extension Client {
    /// Whether whoever types says yes to the question.
    func confirms(_ question: String) throws -> Bool {
        try print(question, terminator: "")
        var answer: [UInt8] = []
        while case let typed = try input.read(upTo: 1), !typed.isEmpty, typed != [UInt8(ascii: "\n")] {
            answer += typed
        }
        return ["y", "yes"].contains(String(decoding: answer, as: UTF8.self).lowercased())
    }
}
