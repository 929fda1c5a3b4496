public import LinuxKernel
public import RuntimeSpec

/// What there is to do for a container, decided from its configuration alone, before anything is done.
public struct SetupPlan: Sendable {
    public let namespaces: NamespacePlan
    /// On the host; relative to the bundle. Empty for a process that joins.
    public let rootfs: String
    public let isRootReadOnly: Bool
    /// `linux.mountLabel`: config-linux.md, "Mount Label". Never empty.
    public let mountLabel: String?
    public let steps: [SetupStep]
    public let outside: OutsidePlan
    /// Devices of the host's, to be moved while the process waits for the runtime.
    public let networkDevices: [NetworkDeviceMove]
    public let resourceControl: ResourceControlPlan?
    public let program: ProgramPlan
    /// What is left out without making a refusal of it, a line each.
    public let warnings: [String]
    /// The process waits once its mounts are there.
    public var waitsForRuntime: Bool { steps.contains(.awaitRuntimeHooks) }

    /// Some step opens a terminal.
    public var opensTerminal: Bool {
        steps.contains { step in if case .openTerminal = step { true } else { false } }
    }

    /// Some step makes a device, or opens one.
    public var usesDevices: Bool {
        opensTerminal || steps.contains { step in if case .makeDevice = step { true } else { false } }
    }

    /// Some step must write to procfs or reopen a descriptor through it.
    public var needsProcessFilesystem: Bool {
        steps.contains { step in
            switch step {
            case .setParameter, .setSecurityLabel, .openTerminal: true
            default: false
            }
        }
    }
}

/// What a plan depends on beside the configuration.
public struct PlanCircumstances: Sendable {
    public var id: String
    /// Absolute, without symbolic links.
    public var bundle: String
    public var noPivot: Bool
    public var noNewKeyring: Bool
    /// How many descriptors systemd's socket activation hands on.
    public var listenDescriptors: Int
    /// The runtime's own capabilities: it can give no others, except in a user namespace.
    public var capabilities: CapabilitySet

    public init(
        id: String, bundle: String, noPivot: Bool = false, noNewKeyring: Bool = false, listenDescriptors: Int = 0,
        capabilities: CapabilitySet = .all
    ) {
        self.id = id
        self.bundle = bundle
        self.noPivot = noPivot
        self.noNewKeyring = noNewKeyring
        self.listenDescriptors = listenDescriptors
        self.capabilities = capabilities
    }
}

// MARK: A container's first process

extension SetupPlan {
    /// The plan for `create` and `run`. Throws every reason not to.
    public init(_ configuration: RuntimeConfiguration, _ circumstances: PlanCircumstances) throws(SetupRefusal) {
        var refusals = Refusals()
        ConfigurationCheck(configuration).run(&refusals)
        guard let root = configuration.root, let process = configuration.process else {
            try refusals.check()
            throw SetupRefusal(reasons: [.init(kind: .invalid, member: "process", problem: "is missing")])
        }
        let linux = configuration.linux ?? Linux()
        namespaces = NamespacePlan(linux, &refusals)
        rootfs = root.path
        isRootReadOnly = root.readonly ?? false
        mountLabel = linux.mountLabel.flatMap { $0.isEmpty ? nil : $0 }
        outside = OutsidePlan(process, linux, joins: false, &refusals)
        program = ProgramPlan(process, listenDescriptors: circumstances.listenDescriptors)
        resourceControl = ResourceControlPlan(linux.intelRdt, &refusals)
        networkDevices = NetworkDevicePlanning.moves(linux, namespaces, &refusals)
        let container = ContainerPlanning(
            configuration: configuration, linux: linux, process: process, namespaces: namespaces,
            limits: outside.limits, circumstances: circumstances)
        steps = container.steps(&refusals)
        warnings = refusals.warnings
        try refusals.check()
    }
}

// MARK: A process that joins

extension SetupPlan {
    /// The plan for `exec`: `process` in a container of which `linux` is the configuration.
    public init(
        joining linux: Linux?, _ process: Process, keyring: String? = nil, listenDescriptors: Int = 0,
        capabilities: CapabilitySet = .all
    ) throws(SetupRefusal) {
        var refusals = Refusals()
        let linux = linux ?? Linux()
        namespaces = NamespacePlan(linux, &refusals)
        rootfs = ""
        isRootReadOnly = false
        mountLabel = nil
        outside = OutsidePlan(process, linux, joins: true, &refusals)
        networkDevices = []
        resourceControl = nil
        program = ProgramPlan(process, listenDescriptors: listenDescriptors)
        let planning = ProcessPlanning(
            process: process, seccomp: linux.seccomp, limits: outside.limits,
            grantable: namespaces.has(.user) ? .all : capabilities)
        var steps: [SetupStep] = [.startSession]
        if !namespaces.has(.mount) { steps.append(.enterRoot(.change)) }
        if let keyring { steps.append(.joinKeyring(keyring)) }
        if process.terminal ?? false {
            steps.append(.openTerminal(TerminalSize(process.consoleSize), mountsConsole: false))
        }
        steps += Personalities.steps(linux, &refusals) + MemoryPolicies.steps(linux, &refusals)
        self.steps = steps + planning.steps(&refusals) + planning.lastSteps(hooks: [])
        warnings = refusals.warnings
        try refusals.check()
    }
}

extension TerminalSize {
    /// Sizes past what a terminal can have are those that it can have.
    init?(_ size: ConsoleSize?) {
        guard let size else { return nil }
        self.init(columns: UInt16(clamping: size.width), rows: UInt16(clamping: size.height))
    }
}
