internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// The options of `run` and `create`: what a container is made from.
struct ContainerOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Keep standard input open even if not attached.")
    var interactive = false

    @Flag(name: .shortAndLong, help: "Allocate a terminal.")
    var tty = false

    @Flag(name: .customLong("rm"), help: "Remove the container when it has ended.")
    var remove = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "When to start it again: no, on-failure[:n], always or unless-stopped. (default: no)", valueName: "policy"))
    var restart: String?

    @Option(parsing: .unconditional, help: "Name of the container.")
    var name: String?

    @Option(
        name: [.customShort("e", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a variable; NAME alone takes the client's value.", valueName: "name=value"))
    var env: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("Read variables from a file.", valueName: "file"))
    var envFile: [String] = []

    @Option(
        name: [.customShort("w", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Working directory in the container.", valueName: "path"))
    var workdir: String?

    @Option(
        name: [.customShort("u", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Name or number of a user, and of a group.", valueName: "user[:group]"))
    var user: String?

    @Option(
        name: [.customShort("v", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Mount a host directory or a volume.", valueName: "[source:]path[:options]"))
    var volume: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Mount a host directory or a volume, by keys.", valueName: "type=…,source=…,target=…"))
    var mount: [String] = []

    @Option(
        name: [.customShort("l", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a label.", valueName: "key=value"))
    var label: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Program to run instead of the image's entry point; empty: none.", valueName: "program"))
    var entrypoint: String?

    @Option(
        name: [.customShort("h", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Host name in the container.", valueName: "name"))
    var hostname: String?

    @Option(
        name: [.customLong("network"), .customLong("net")], parsing: .unconditional,
        help: ArgumentHelp("Network: host, none or container:NAME. (default: none)", valueName: "network"))
    var network: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Signal that stops the container.", valueName: "signal"))
    var stopSignal: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds after which stop kills.", valueName: "seconds"))
    var stopTimeout: Int?

    @Option(
        name: [.customShort("a", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Attach to stdin, stdout or stderr.", valueName: "stream"))
    var attach: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("Write the container's ID to a file.", valueName: "file"))
    var cidfile: String?

    @OptionGroup var namespaces: NamespaceArguments
    @OptionGroup var security: SecurityArguments
    @OptionGroup var kernel: KernelArguments
    @OptionGroup var resources: ResourceArguments
    @OptionGroup var fixedResources: FixedResourceArguments
    @OptionGroup var pulling: PullOptions

    /// What the supervisor is asked for. `isAttached`: a client will be there when it starts.
    func specification(_ image: String, _ command: [String], _ environment: Environment, isAttached: Bool) throws
        -> ContainerSpecification
    {
        var result = ContainerSpecification(image: image)
        result.platform = pulling.platform
        result.command = command
        result.name = name
        result.entrypoint = entrypoint.map { $0.isEmpty ? [] : [$0] }
        result.environment = try VariableArguments.read(env, files: envFile, environment: environment)
        result.workingDirectory = try workdir.map(Self.absolute)
        result.user = user
        result.hostname = hostname
        result.terminal = tty
        result.openStandardInput = interactive
        result.closeStandardInputOnDetach = interactive && isAttached
        result.removeOnExit = remove
        result.restart = try restartPolicy()
        result.network = try chosenNetwork()
        result.mounts = try mounts()
        result.labels = try KeyValue.labels(label)
        result.stopSignal = try stopSignal.map(Self.signal)
        result.stopTimeout = stopTimeout
        result.namespaces = namespaces.value
        result.security = try security.value()
        try kernel.apply(to: &result)
        result.resources = try resources.value()
        try fixedResources.apply(to: &result)
        return result
    }

    private func restartPolicy() throws -> RestartPolicy {
        guard let restart else { return RestartPolicy() }
        let policy = try RestartArgument.parse(restart)
        if remove, policy.isActive { throw refusal("conflicting options: cannot specify both --restart and --rm") }
        return policy
    }

    private func chosenNetwork() throws -> ContainerSpecification.Network {
        guard let network else { return .none }
        guard let known = ContainerSpecification.Network(rawValue: network) else {
            throw refusal("no such network: \(network); wherry has host, none and container:NAME so far")
        }
        return known
    }

    private func mounts() throws -> [ContainerSpecification.Mount] {
        let directory = try volume.isEmpty && mount.isEmpty ? "/" : ThisProcess.workingDirectory()
        var mounts: [ContainerSpecification.Mount] = []
        for text in volume {
            let argument = try VolumeArgument(text, directory: directory)
            if argument.relabels, (try? Descriptor.workingDirectory.exists("/sys/fs/selinux/enforce")) == true {
                throw VolumeArgument.refusal(text, "labels of SELinux (z, Z) are not supported")
            }
            mounts.append(argument.mount)
        }
        for text in mount { mounts.append(try MountArgument.parse(text, directory: directory)) }
        return mounts
    }

    private static func absolute(_ path: String) throws -> String {
        guard path.hasPrefix("/") else {
            throw refusal("the working directory '\(path)' is invalid, it needs to be an absolute path")
        }
        return path
    }

    private static func signal(_ name: String) throws -> String {
        guard Signal.number(named: name) != nil else { throw refusal("invalid signal: \(name)") }
        return name
    }
}
