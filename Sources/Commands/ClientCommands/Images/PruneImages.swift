internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct PruneImages: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove images that no container was made from.")

    @Flag(name: .shortAndLong, help: "Remove those that have names, too.")
    var all = false

    @OptionGroup var options: PruneOptions

    private func question(_ takesNamed: Bool) -> String {
        let what = takesNamed ? "images without at least one container associated to them" : "dangling images"
        return "WARNING! This will remove all \(what).\nAre you sure you want to continue? [y/N] "
    }

    /// `--all`, or in docker's other words `--filter dangling=false`.
    private func takesNamed(_ dangling: [String]) throws -> Bool {
        guard let word = dangling.last else { return all }
        guard dangling.count == 1, ["true", "1", "false", "0"].contains(word) else {
            throw refusal("invalid filter 'dangling=\(word)': true or false is wanted, once")
        }
        return ["false", "0"].contains(word)
    }

    func execute(_ client: Client) throws -> Int32 {
        var (until, filters) = try KeyValue.pruneFilters(options.filter)
        let takesNamed = try takesNamed(filters.removeValue(forKey: "dangling") ?? [])
        guard try options.force || client.confirms(question(takesNamed)) else {
            throw CommandFailure("image prune has been cancelled")
        }
        let result = try client.call(
            ImagePrune.self, ImagePrune.Parameters(all: takesNamed, until: until, filters: filters))
        let lines = result.untagged.map { "untagged: \($0)" } + result.deleted.map { "deleted: \($0)" }
        if !lines.isEmpty { try client.print("Deleted Images:\n" + lines.joined(separator: "\n") + "\n") }
        try client.print("Total reclaimed space: \(HumanSize.decimal(result.reclaimed, digits: 4))")
        return ExitCodes.success
    }
}
