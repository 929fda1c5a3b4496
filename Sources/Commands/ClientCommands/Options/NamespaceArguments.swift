internal import ArgumentParser
internal import LineProtocol

/// The options of `run` and `create` that say whose namespaces a container has.
struct NamespaceArguments: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Processes: host, or container:NAME.", valueName: "mode"))
    var pid: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("IPC: private, shareable, none, host, or container:NAME.", valueName: "mode"))
    var ipc: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Host name: host.", valueName: "mode"))
    var uts: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Users: host, as it is.", valueName: "mode"))
    var userns: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Cgroups: host or private.", valueName: "mode"))
    var cgroupns: String?

    var value: ContainerNamespaces {
        var namespaces = ContainerNamespaces()
        (namespaces.pid, namespaces.ipc, namespaces.uts) = (pid, ipc, uts)
        (namespaces.user, namespaces.cgroup) = (userns, cgroupns)
        return namespaces
    }
}
