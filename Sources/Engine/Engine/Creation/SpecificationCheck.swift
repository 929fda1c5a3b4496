internal import LineProtocol

/// What is wrong with what was asked for, said before anything is made. Pure.
struct SpecificationCheck {
    let machine: Machine

    init(_ machine: Machine) { self.machine = machine }

    func check(_ wanted: ContainerSpecification) throws(ProtocolFailure) {
        try check(wanted.security)
        try checkRestart(wanted)
        _ = try LimitRules.limits(wanted.limits)
        _ = try SysctlRules(hasNetworkOfItsOwn: wanted.network == .none, hasIPCOfItsOwn: true)
            .parameters(wanted.sysctls)
        _ = try TemporaryFilesystemRules.mounts(wanted.temporaryFilesystems)
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

    private func check(_ security: ContainerSecurity) throws(ProtocolFailure) {
        _ = try SecurityPolicy(security, machine)
        _ = try DeviceRules.rules(security, devices: [])
        for device in security.devices { try DeviceRules.checkAccess(device) }
    }
}
