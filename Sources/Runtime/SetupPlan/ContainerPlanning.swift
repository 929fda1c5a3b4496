internal import LinuxKernel
internal import RuntimeSpec

/// Orders the steps of a container's first process: runtime.md, "Lifecycle".
struct ContainerPlanning {
    let configuration: RuntimeConfiguration
    let linux: Linux
    let process: Process
    let namespaces: NamespacePlan
    let limits: [ProcessLimit]
    let circumstances: PlanCircumstances

    func steps(_ refusals: inout Refusals) -> [SetupStep] {
        let processes = ProcessPlanning(
            process: process, seccomp: linux.seccomp, limits: limits,
            grantable: namespaces.has(.user) ? .all : circumstances.capabilities)
        checkPropagation(&refusals)
        checkMountNamespace(&refusals)
        var steps = sessionSteps + hostPropagation + [.attachRoot]
        var mounts = MountPlanning(configuration, namespaces, bundle: circumstances.bundle)
        steps += mounts.steps(firstStep: steps.count, &refusals)
        steps += DevicePlanning(configuration: configuration, bindsFromHost: namespaces.has(.user)).steps(&refusals)
        steps += terminalSteps
        if needsRuntime { steps.append(.awaitRuntimeHooks) }
        steps += hookSteps(configuration.hooks?.createContainer, .createContainer)
        steps += rootSteps(protecting: mounts.protections)
        steps += identitySteps + KernelParameters.steps(linux, namespaces, &refusals)
        steps += (linux.readonlyPaths ?? []).map { .makeReadOnly(CleanPath.absolute($0)) }
        steps += maskedPaths.map { .mask($0) }
        steps += Personalities.steps(linux, &refusals) + MemoryPolicies.steps(linux, &refusals)
        steps += processes.steps(&refusals)
        return steps
            + processes.lastSteps(hooks: hookSteps(configuration.hooks?.startContainer, .startContainer))
    }

    /// The runtime has hooks to run or network devices to move, or must not limit devices before those of the
    /// configuration are made.
    private var needsRuntime: Bool {
        let hooks = (configuration.hooks?.prestart ?? []) + (configuration.hooks?.createRuntime ?? [])
        return !hooks.isEmpty || !(linux.devices ?? []).isEmpty || !(linux.netDevices ?? [:]).isEmpty
    }

    private var sessionSteps: [SetupStep] {
        var steps: [SetupStep] = [.startSession]
        if !circumstances.noNewKeyring { steps.append(.joinKeyring(SessionKeyring.name(of: circumstances.id))) }
        if namespaces.created.contains(.network) { steps.append(.raiseLoopback) }
        return steps
    }

    private var terminalSteps: [SetupStep] {
        guard process.terminal ?? false else { return [] }
        return [.openTerminal(TerminalSize(process.consoleSize), mountsConsole: true)]
    }

    /// Unless told otherwise the container hears of mounts that the host makes, and never the other way.
    private var rootPropagation: MountOptions.PropagationChange? {
        linux.rootfsPropagation.flatMap { MountOptions.propagations[$0] }
    }

    /// Without pivot_root(2) the host's mounts stay in the namespace, and must hear of what is unmounted there.
    private func checkPropagation(_ refusals: inout Refusals) {
        guard circumstances.noPivot, rootPropagation?.propagation == .private else { return }
        refusals.invalid("linux.rootfsPropagation", "private is not safe with --no-pivot")
    }

    /// What would change the host's own mounts.
    private func checkMountNamespace(_ refusals: inout Refusals) {
        if namespaces.has(.mount) { return }
        let problem = "needs a mount namespace in linux.namespaces"
        if rootPropagation != nil { refusals.invalid("linux.rootfsPropagation", problem) }
        if !(linux.maskedPaths ?? []).isEmpty { refusals.invalid("linux.maskedPaths", problem) }
        if !(linux.readonlyPaths ?? []).isEmpty { refusals.invalid("linux.readonlyPaths", problem) }
    }

    private var hostPropagation: [SetupStep] {
        guard namespaces.has(.mount) else { return [] }
        guard let wanted = rootPropagation else { return [.setHostPropagation(.slave, recursively: true)] }
        return [.setHostPropagation(wanted.propagation, recursively: wanted.recursively)]
    }

    private var rootEntry: RootEntry {
        guard namespaces.has(.mount) else { return .change }
        return circumstances.noPivot ? .move : .pivot
    }

    /// `protections`, too, wait until nothing more is made: hooks may, in `/dev`.
    private func rootSteps(protecting protections: [SetupStep]) -> [SetupStep] {
        var steps: [SetupStep] = [.enterRoot(rootEntry), .reopenNullStreams]
        if let wanted = rootPropagation {
            steps.append(.setRootPropagation(wanted.propagation, recursively: wanted.recursively))
        }
        steps.append(.makeWorkingDirectory(CleanPath.absolute(process.cwd)))
        steps += protections
        if configuration.root?.readonly ?? false { steps.append(.protectRoot) }
        return steps
    }

    /// Each once: a mask over a mask hides nothing more.
    private var maskedPaths: [String] {
        var known: Set<String> = []
        return (linux.maskedPaths ?? []).map(CleanPath.absolute).filter { known.insert($0).inserted }
    }

    private var identitySteps: [SetupStep] {
        var steps: [SetupStep] = []
        if let name = configuration.hostname, !name.isEmpty { steps.append(.setHostname(name)) }
        if let name = configuration.domainname, !name.isEmpty { steps.append(.setDomainname(name)) }
        return steps
    }

    private func hookSteps(_ hooks: [Hook]?, _ moment: ContainerHooks) -> [SetupStep] {
        (hooks ?? []).isEmpty ? [] : [.runHooks(moment)]
    }
}

/// `linux.personality`: config-linux.md, "Personality".
enum Personalities {
    static func steps(_ linux: Linux, _ refusals: inout Refusals) -> [SetupStep] {
        guard let personality = linux.personality else { return [] }
        if !(personality.flags ?? []).isEmpty {
            refusals.invalid("linux.personality.flags", "there are no flags in this version of the specification")
        }
        return [.setPersonality(personality.domain == .linux32 ? 8 : 0)]
    }
}

/// The session keyring that all processes of a container share.
public enum SessionKeyring {
    public static func name(of id: String) -> String { "_ses." + id }
}
