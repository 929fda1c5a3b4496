internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

/// The options of `run` and `create` that tune what the kernel does for a container.
struct KernelArguments: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Mount a tmpfs.", valueName: "path[:options]"))
    var tmpfs: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Limit a process's resources; -1: no limit.", valueName: "name=soft[:hard]"))
    var ulimit: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a kernel parameter of the container's namespaces.", valueName: "name=value"))
    var sysctl: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How readily the kernel kills it without memory: -1000 to 1000.", valueName: "number"))
    var oomScoreAdj = 0

    @Flag(name: .customLong("init"), help: "Run a small init that reaps zombies and passes signals on.")
    var runsInit = false

    func apply(to specification: inout ContainerSpecification) throws {
        specification.oomScoreAdjustment = oomScoreAdj
        specification.runsInit = runsInit
        specification.limits = try ulimit.map(LimitArgument.parse)
        for text in tmpfs {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            specification.temporaryFilesystems[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        for text in sysctl {
            let (name, value) = KeyValue.split(text)
            guard let value, !name.isEmpty else {
                throw refusal("sysctl '\(text)' is not allowed: it must be NAME=VALUE")
            }
            specification.sysctls[name] = value
        }
    }
}

/// The value of `--ulimit`: `nofile=1024:2048`; one number is both limits.
enum LimitArgument {
    static func parse(_ text: String) throws(CommandFailure) -> ProcessLimit {
        let (name, value) = KeyValue.split(text)
        guard let value, !name.isEmpty else { throw refusal("invalid ulimit argument: \(text)") }
        let numbers = value.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard (1...2).contains(numbers.count), let soft = numbers[0], let hard = numbers.last ?? nil else {
            throw refusal("invalid ulimit argument: \(text): it must be NAME=SOFT[:HARD]")
        }
        return ProcessLimit(name: name, soft: soft, hard: hard)
    }
}
