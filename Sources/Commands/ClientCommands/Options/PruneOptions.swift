internal import ArgumentParser
internal import LinuxKernel

/// What the prunes share: whether they ask first, and what they spare.
struct PruneOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var force = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Remove those that match (until, label, label!).", valueName: "key=value"))
    var filter: [String] = []
}

extension Client {
    /// Whether whoever types says yes to the question.
    func confirms(_ question: String) throws -> Bool {
        try print(question, terminator: "")
        return ["y", "yes"].contains(try input.readLine().lowercased())
    }
}
