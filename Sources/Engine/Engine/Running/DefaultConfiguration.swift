internal import LineProtocol
internal import RuntimeSpec

// What a container gets: in effect what docker would give it. Pure: a record and what was found when it starts become
// the configuration that a runtime is given. Mounts.swift and the folder Security have the parts.

/// The least version of runtime-spec that has all that we ask for. Any runtime may be configured, and Debian 12's crun
/// (1.8) refuses 1.1 and later.
private let leastVersion = "1.0.2"

extension RuntimeConfiguration {
    /// The configuration of `container`; its files lie at `paths`.
    init(_ container: ContainerRecord, _ surroundings: Surroundings, paths: ContainerPaths, machine: Machine)
        throws(ProtocolFailure)
    {
        let policy = try SecurityPolicy(container.specification.security, machine)
        var process = try RuntimeSpec.Process(container, user: surroundings.user, policy)
        let modes = try NamespaceModes(container.specification, machine)
        if surroundings.initProgram != nil, modes.pid == .own {
            process.args = [InitProgram.target, "--"] + (process.args ?? [])
        }
        self.init(
            ociVersion: leastVersion,
            root: Root(path: paths.rootfs, readonly: container.specification.security.readOnlyRoot),
            mounts: try container.allMounts(paths, surroundings, policy, modes), process: process,
            hostname: modes.hasHostNameOfHost ? nil : container.configuration.hostname,
            linux: try Linux(container, surroundings, policy, modes, machine: machine))
    }
}

extension RuntimeSpec.Process {
    init(_ container: ContainerRecord, user: User, _ policy: SecurityPolicy) throws(ProtocolFailure) {
        let (configuration, wanted) = (container.configuration, container.specification)
        let limits = try LimitRules.limits(wanted.limits)
        self.init(
            terminal: wanted.terminal, user: user, args: configuration.arguments, env: configuration.environment,
            cwd: configuration.workingDirectory, capabilities: Capabilities(of: user, atMost: policy.capabilities),
            rlimits: limits.isEmpty ? nil : limits, noNewPrivileges: policy.options.noNewPrivileges,
            apparmorProfile: policy.options.appArmorProfile, oomScoreAdj: wanted.oomScoreAdjustment)
    }
}

extension Capabilities {
    /// What execve(2) would leave: a user that is not root has none in force. Never inheritable ones
    /// (inheritable-caps).
    init(of user: User, atMost capabilities: [String]) {
        let effective = user.uid == 0 ? capabilities : []
        self.init(
            bounding: capabilities, effective: effective, inheritable: [], permitted: effective, ambient: [])
    }
}

extension Linux {
    init(
        _ container: ContainerRecord, _ surroundings: Surroundings, _ policy: SecurityPolicy,
        _ modes: NamespaceModes, machine: Machine
    ) throws(ProtocolFailure) {
        let wanted = container.specification
        self.init(
            sysctl: try SysctlRules(modes).parameters(wanted.sysctls),
            resources: try container.limits(surroundings, machine), cgroupsPath: container.cgroup,
            namespaces: modes.namespaces(joining: surroundings.joined.paths),
            devices: surroundings.devices.map(\.device), seccomp: policy.filter(on: machine),
            maskedPaths: policy.maskedPaths(on: machine), readonlyPaths: policy.readOnlyPaths)
    }
}

extension ContainerRecord {
    fileprivate func limits(_ surroundings: Surroundings, _ machine: Machine) throws(ProtocolFailure) -> Resources {
        var limits = ResourceRules(machine).resources(resources, surroundings.deviceNumbers)
        limits.devices = try DeviceRules.rules(specification.security, devices: surroundings.devices)
        return limits
    }

    fileprivate var cgroup: String {
        let parent = (specification.cgroupParent ?? "").split(separator: "/").map { "/" + $0 }.joined()
        return "\(parent)/wherry-\(id)"
    }
}
