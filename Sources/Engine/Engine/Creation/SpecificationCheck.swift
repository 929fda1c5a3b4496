internal import LineProtocol

/// What is wrong with what was asked for, said before anything is made. Pure.
struct SpecificationCheck {
    let machine: Machine

    init(_ machine: Machine) { self.machine = machine }

    func check(_ wanted: ContainerSpecification) throws(ProtocolFailure) {
        try check(wanted.security)
        try checkRestart(wanted)
        _ = try LimitRules.limits(wanted.limits)
        _ = try SysctlRules(NamespaceModes(wanted, machine)).parameters(wanted.sysctls)
        _ = try TemporaryFilesystemRules.mounts(wanted.temporaryFilesystems)
        try ResourceRules(machine).check(wanted.resources)
        guard (wanted.sharedMemorySize ?? 0) >= 0 else {
            throw ProtocolFailure(.invalidArgument, "--shm-size: it can not be less than 0")
        }
        try checkCgroup(wanted.cgroupParent)
        guard (-1000...1000).contains(wanted.oomScoreAdjustment) else {
            throw ProtocolFailure(
                .invalidArgument, "--oom-score-adj: invalid value \(wanted.oomScoreAdjustment): -1000 to 1000")
        }
    }

    private func checkRestart(_ wanted: ContainerSpecification) throws(ProtocolFailure) {
        try wanted.restart.validate()
        guard !wanted.removeOnExit || !wanted.restart.isActive else {
            throw ProtocolFailure(
                .invalidArgument, "a container that is removed when it has ended (--rm) cannot be restarted (--restart)"
            )
        }
    }

    /// The path goes below the hierarchies' roots, and never out of them.
    private func checkCgroup(_ parent: String?) throws(ProtocolFailure) {
        guard let parent else { return }
        let names = parent.split(separator: "/")
        guard !names.isEmpty, !names.contains(".."), !names.contains("."), !parent.utf8.contains(0) else {
            throw ProtocolFailure(.invalidArgument, "--cgroup-parent: '\(parent)' is no path of a cgroup")
        }
    }

    private func check(_ security: ContainerSecurity) throws(ProtocolFailure) {
        _ = try SecurityPolicy(security, machine)
        _ = try DeviceRules.rules(security, devices: [])
        for device in security.devices { try DeviceRules.checkAccess(device) }
    }
}
