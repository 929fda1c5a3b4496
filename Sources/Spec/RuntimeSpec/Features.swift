/// features.md: what a runtime can do.
public struct Features: Codable, Hashable, Sendable {
    public var ociVersionMin: String
    public var ociVersionMax: String
    public var hooks: [String]?
    public var mountOptions: [String]?
    public var linux: LinuxFeatures?
    public var annotations: [String: String]?
    public var potentiallyUnsafeConfigAnnotations: [String]?

    public init(
        ociVersionMin: String, ociVersionMax: String, hooks: [String]? = nil, mountOptions: [String]? = nil,
        linux: LinuxFeatures? = nil, annotations: [String: String]? = nil,
        potentiallyUnsafeConfigAnnotations: [String]? = nil
    ) {
        self.ociVersionMin = ociVersionMin
        self.ociVersionMax = ociVersionMax
        self.hooks = hooks
        self.mountOptions = mountOptions
        self.linux = linux
        self.annotations = annotations
        self.potentiallyUnsafeConfigAnnotations = potentiallyUnsafeConfigAnnotations
    }
}

/// features-linux.md.
public struct LinuxFeatures: Codable, Hashable, Sendable {
    public var namespaces: [String]?
    public var capabilities: [String]?
    public var cgroup: CgroupFeatures?
    public var seccomp: SeccompFeatures?
    public var apparmor: FeatureSwitch?
    public var selinux: FeatureSwitch?
    public var intelRdt: IntelRdtFeatures?
    public var memoryPolicy: MemoryPolicyFeatures?
    public var mountExtensions: MountExtensions?
    public var netDevices: FeatureSwitch?

    public init(
        namespaces: [String]? = nil, capabilities: [String]? = nil, cgroup: CgroupFeatures? = nil,
        seccomp: SeccompFeatures? = nil, apparmor: FeatureSwitch? = nil, selinux: FeatureSwitch? = nil,
        intelRdt: IntelRdtFeatures? = nil, memoryPolicy: MemoryPolicyFeatures? = nil,
        mountExtensions: MountExtensions? = nil, netDevices: FeatureSwitch? = nil
    ) {
        self.namespaces = namespaces
        self.capabilities = capabilities
        self.cgroup = cgroup
        self.seccomp = seccomp
        self.apparmor = apparmor
        self.selinux = selinux
        self.intelRdt = intelRdt
        self.memoryPolicy = memoryPolicy
        self.mountExtensions = mountExtensions
        self.netDevices = netDevices
    }
}

public struct CgroupFeatures: Codable, Hashable, Sendable {
    public var v1: Bool?
    public var v2: Bool?
    public var systemd: Bool?
    public var systemdUser: Bool?
    public var rdma: Bool?

    public init(v1: Bool? = nil, v2: Bool? = nil, systemd: Bool? = nil, systemdUser: Bool? = nil, rdma: Bool? = nil) {
        self.v1 = v1
        self.v2 = v2
        self.systemd = systemd
        self.systemdUser = systemdUser
        self.rdma = rdma
    }
}

public struct SeccompFeatures: Codable, Hashable, Sendable {
    public var enabled: Bool?
    public var actions: [String]?
    public var operators: [String]?
    public var archs: [String]?
    public var knownFlags: [String]?
    public var supportedFlags: [String]?

    public init(
        enabled: Bool? = nil, actions: [String]? = nil, operators: [String]? = nil, archs: [String]? = nil,
        knownFlags: [String]? = nil, supportedFlags: [String]? = nil
    ) {
        self.enabled = enabled
        self.actions = actions
        self.operators = operators
        self.archs = archs
        self.knownFlags = knownFlags
        self.supportedFlags = supportedFlags
    }
}

public struct FeatureSwitch: Codable, Hashable, Sendable {
    public var enabled: Bool?

    public init(enabled: Bool? = nil) {
        self.enabled = enabled
    }
}

public struct IntelRdtFeatures: Codable, Hashable, Sendable {
    public var enabled: Bool?
    public var schemata: Bool?
    public var monitoring: Bool?

    public init(enabled: Bool? = nil, schemata: Bool? = nil, monitoring: Bool? = nil) {
        self.enabled = enabled
        self.schemata = schemata
        self.monitoring = monitoring
    }
}

public struct MemoryPolicyFeatures: Codable, Hashable, Sendable {
    public var modes: [String]?
    public var flags: [String]?

    public init(modes: [String]? = nil, flags: [String]? = nil) {
        self.modes = modes
        self.flags = flags
    }
}

public struct MountExtensions: Codable, Hashable, Sendable {
    public var idmap: FeatureSwitch?

    public init(idmap: FeatureSwitch? = nil) {
        self.idmap = idmap
    }
}
