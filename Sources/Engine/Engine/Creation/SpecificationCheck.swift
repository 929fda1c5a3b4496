internal import LineProtocol

/// What is wrong with what was asked for, said before anything is made. Pure.
struct SpecificationCheck {
    let machine: Machine

    init(_ machine: Machine) { self.machine = machine }

    func check(_ wanted: ContainerSpecification) throws(ProtocolFailure) {
        try check(wanted.security)
        _ = try LimitRules.limits(wanted.limits)
        _ = try SysctlRules(hasNetworkOfItsOwn: wanted.network == .none, hasIPCOfItsOwn: true)
            .parameters(wanted.sysctls)
        _ = try TemporaryFilesystemRules.mounts(wanted.temporaryFilesystems)
        guard (-1000...1000).contains(wanted.oomScoreAdjustment) else {
            throw ProtocolFailure(
                .invalidArgument, "--oom-score-adj: invalid value \(wanted.oomScoreAdjustment): -1000 to 1000")
        }
    }

    private func check(_ security: ContainerSecurity) throws(ProtocolFailure) {
        _ = try SecurityPolicy(security, machine)
        _ = try DeviceRules.rules(security, devices: [])
        for device in security.devices { try DeviceRules.checkAccess(device) }
    }
}
