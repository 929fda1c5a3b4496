internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// Carries out a plan's steps, one after the other, in the process that becomes the container's program.
///
/// It decides nothing. All descriptors it opens are closed when the program is executed; a failure ends the process.
final class SetupInterpreter {
    let plan: SetupPlan
    /// The position of the step to come.
    private var next = 0
    var surroundings: SetupSurroundings
    /// The container's root filesystem; `/` for a process that joins.
    var tree: RootTree
    /// Mounts of earlier steps that are not done with, by their step.
    var mounts: [Int: Descriptor] = [:]
    /// procfs and sysfs as they were mounted, by where.
    var kernelMounts: [String: Descriptor] = [:]
    /// `/dev/null` as it is on the host, checked, for masked files.
    var nullDevice: Descriptor?
    var isNullDeviceAttached = false
    /// An empty read-only directory, once there is one, for masked directories.
    var emptyDirectory: Descriptor?
    var environment: [String]
    /// What the caller's umask(2) was: none holds while we make files.
    let callersMask = ThisProcess.replaceFileCreationMask(0)
    /// The program's file, once found.
    var program = ""
    /// A working directory that user 0 may not enter: tried again as the process's own user.
    var pendingDirectory: String?

    init(_ plan: SetupPlan, _ surroundings: SetupSurroundings, root: Descriptor) {
        self.plan = plan
        self.surroundings = surroundings
        environment = plan.program.environment
        tree = RootTree(root: root)
    }

    /// What the plan begins with and needs no cgroup.
    func runBeforeCgroups() throws(RuntimeError) {
        while next < plan.steps.count, plan.steps[next].needsNoCgroup { try performNext() }
    }

    func run() throws(RuntimeError) -> Never {
        while next < plan.steps.count { try performNext() }
        throw RuntimeError(.system, "the plan ended without a program")
    }

    private func performNext() throws(RuntimeError) {
        let (step, index) = (plan.steps[next], next)
        next += 1
        surroundings.log.debug("init: step \(index): \(step)")
        try perform(step, index)
    }

    private func perform(_ step: SetupStep, _ index: Int) throws(RuntimeError) {
        switch step {
        case .startSession: try performing("cannot start a session", ThisProcess.startSession)
        case .joinKeyring(let name): try joinKeyring(name)
        case .raiseLoopback: try performing("cannot raise the loopback interface", ThisProcess.raiseLoopback)
        case .setHostPropagation(let propagation, let recursively):
            try setHostPropagation(propagation, recursively)
        case .attachRoot: try attachRoot()
        case .mountFilesystem(let mount): try mountFilesystem(mount, index)
        case .bind(let mount): try bind(mount)
        case .mountCgroups(let mount): try mountCgroups(mount)
        case .remount(let mount): try remount(mount)
        case .makeDevice(let node): try makeDevice(node)
        case .makeLink(let path, let target, let manner): try makeLink(path, target, manner)
        case .openTerminal(let size, let mountsConsole): try openTerminal(size, mountsConsole: mountsConsole)
        case .protectMount(let step): try protectMount(step)
        case .awaitRuntimeHooks: awaitRuntimeHooks()
        case .runHooks(let moment): try runHooks(moment)
        case .enterRoot(let entry): try enterRoot(entry)
        case .reopenNullStreams: reopenNullStreams()
        case .setRootPropagation(let propagation, let recursively):
            try setRootPropagation(propagation, recursively)
        case .protectRoot: try protectRoot()
        default: try performInside(step)
        }
    }

    private func performInside(_ step: SetupStep) throws(RuntimeError) {
        switch step {
        case .setHostname(let name):
            try performing("hostname") { () throws(SystemError) in try ThisProcess.setHostname(name) }
        case .setDomainname(let name):
            try performing("domainname") { () throws(SystemError) in try ThisProcess.setDomainname(name) }
        case .setParameter(let path, let value): try setParameter(path, value)
        case .makeReadOnly(let path): try makeReadOnly(path)
        case .mask(let path): try mask(path)
        case .makeWorkingDirectory(let path): try makeWorkingDirectory(path)
        case .setPersonality(let persona):
            try performing("linux.personality") { () throws(SystemError) in try ThisProcess.setPersonality(persona) }
        case .setMemoryPolicy(let policy):
            try performing("linux.memoryPolicy") { () throws(SystemError) in try policy.apply() }
        case .releaseDescriptors: try releaseDescriptors()
        case .setNoNewPrivileges: try performing("process.noNewPrivileges", ThisProcess.setNoNewPrivileges)
        case .setSecurityLabel(let label): try setLabel(label)
        case .installFilter: try installFilter()
        case .setLimits(let limits): setLimits(limits)
        case .limitBoundingSet(let set): try limitBoundingSet(to: set)
        case .changeUser(let change): try changeUser(change)
        case .setCapabilities(let sets, let ambient): try setCapabilities(sets, ambient)
        case .enterWorkingDirectory(let path): try enterWorkingDirectory(path)
        case .setHome(let user): setHome(of: user)
        case .findProgram: try findProgram()
        case .awaitStart: try awaitStart()
        case .execute: try execute()
        default: throw RuntimeError(.system, "a step that nobody performs: \(step)")
        }
    }
}

extension SetupStep {
    /// Nothing that is made or opened for the container in it is counted or limited by its cgroups.
    fileprivate var needsNoCgroup: Bool {
        switch self {
        case .startSession, .joinKeyring, .raiseLoopback, .setHostPropagation, .attachRoot: true
        default: false
        }
    }
}
