internal import LinuxKernel
internal import RuntimeSpec

/// Turns `process` into the steps by which a process becomes it: config.md, "Process". A container's first process and
/// those of `exec` share them.
struct ProcessPlanning {
    let process: Process
    let seccomp: Seccomp?
    let limits: [ProcessLimit]
    /// The capabilities that the runtime can give.
    let grantable: CapabilitySet

    /// Everything between being in the container and being ready.
    func steps(_ refusals: inout Refusals) -> [SetupStep] {
        check(&refusals)
        let capabilities = CapabilityPlan(process.capabilities, grantable: grantable, &refusals)
        let restrained = process.noNewPrivileges ?? false
        let user = user(&refusals)
        // Before a filter that may not allow what this takes.
        var steps: [SetupStep] = [
            .setHome(ofUser: user.user), .enterWorkingDirectory(CleanPath.absolute(process.cwd)), .releaseDescriptors,
        ]
        if restrained { steps.append(.setNoNewPrivileges) }
        steps += labels(&refusals)
        if filterMoment == .privileged { steps.append(.installFilter) }
        if !limits.isEmpty { steps.append(.setLimits(limits)) }
        steps += [
            .limitBoundingSet(capabilities.bounding),
            .changeUser(user),
            .setCapabilities(capabilities.thread, ambient: capabilities.ambient),
            .findProgram,
        ]
        if filterMoment == .beforeStart { steps.append(.installFilter) }
        return steps + [.awaitStart]
    }

    /// When the filter is installed: as late as can be, so that it needs to allow little of what we do.
    private enum FilterMoment { case privileged, beforeStart, last }

    private var filterMoment: FilterMoment? {
        guard let seccomp else { return nil }
        // Without noNewPrivileges a filter needs CAP_SYS_ADMIN, which is about to go.
        guard process.noNewPrivileges ?? false else { return .privileged }
        // The runtime that makes us hands the descriptor to the agent: it is gone once the container starts.
        return seccomp.notifies ? .beforeStart : .last
    }

    /// Everything between start and the program.
    func lastSteps(hooks: [SetupStep]) -> [SetupStep] {
        let filter: [SetupStep] = filterMoment == .last ? [.installFilter] : []
        return filter + hooks + [.execute]
    }

    private func check(_ refusals: inout Refusals) {
        if let seccomp { SeccompCheck(seccomp: seccomp).run(&refusals) }
        if (process.args ?? []).isEmpty { refusals.invalid("process.args", "must name a program") }
        if process.args?.first == "" { refusals.invalid("process.args[0]", "must name a program") }
        if !process.cwd.hasPrefix("/") {
            refusals.invalid("process.cwd", "\"\(process.cwd)\" must be an absolute path")
        }
        for (index, entry) in (process.env ?? []).enumerated() where !entry.dropFirst().contains("=") {
            refusals.invalid("process.env[\(index)]", "\"\(entry)\" is not NAME=value")
        }
    }

    private func labels(_ refusals: inout Refusals) -> [SetupStep] {
        var steps: [SetupStep] = []
        if let profile = process.apparmorProfile, !profile.isEmpty {
            steps.append(.setSecurityLabel(.appArmor(profile: profile)))
        }
        if let context = process.selinuxLabel, !context.isEmpty {
            steps.append(.setSecurityLabel(.seLinux(context: context)))
        }
        return steps
    }

    /// The number that setresuid(2) takes for "leave it as it is", that is root, is nobody's (uid-overflow).
    private func user(_ refusals: inout Refusals) -> UserChange {
        let user = process.user
        if user.uid == .max { refusals.invalid("process.user.uid", "\(user.uid) is not a user") }
        if user.gid == .max { refusals.invalid("process.user.gid", "\(user.gid) is not a group") }
        for group in user.additionalGids ?? [] where group == .max {
            refusals.invalid("process.user.additionalGids", "\(group) is not a group")
        }
        if let umask = user.umask, umask > 0o777 {
            refusals.invalid("process.user.umask", "\(umask) is more than 0777")
        }
        return UserChange(
            user: user.uid, group: user.gid, groups: user.additionalGids ?? [], umask: user.umask)
    }
}
