/// What a container's processes may do beyond the usual, and what they may not: docker's options as a value.
public struct ContainerSecurity: Codable, Sendable, Hashable {
    /// Names of capabilities(7), with or without `CAP_`, in either case; `ALL`.
    public var addedCapabilities: [String] = []
    public var droppedCapabilities: [String] = []
    /// All capabilities, all devices, no seccomp filter, and nothing of procfs and sysfs hidden.
    public var privileged = false
    /// docker's `--security-opt`: `seccomp=` `unconfined`, `builtin` or a profile's JSON; `no-new-privileges`;
    /// `apparmor=`; `systempaths=unconfined`; `writable-cgroups`.
    public var options: [String] = []
    /// The root filesystem cannot be written to.
    public var readOnlyRoot = false
    /// Names or numbers of further groups of the process.
    public var groups: [String] = []
    public var devices: [Device] = []
    /// docker's `--device-cgroup-rule`: `c 1:3 rwm`.
    public var deviceRules: [String] = []

    /// A device of the host's, or all below a directory.
    public struct Device: Codable, Sendable, Hashable {
        public var source: String
        public var target: String
        /// Of `r`, `w` and `m`: read, write, make nodes.
        public var access: String

        public init(source: String, target: String, access: String = "rwm") {
            self.source = source
            self.target = target
            self.access = access
        }
    }

    public init() {}
}

/// getrlimit(2): docker's `--ulimit`.
public struct ProcessLimit: Codable, Sendable, Hashable {
    /// `nofile`, `core`, …
    public var name: String
    /// -1: unlimited.
    public var soft: Int64
    public var hard: Int64

    public init(name: String, soft: Int64, hard: Int64) {
        self.name = name
        self.soft = soft
        self.hard = hard
    }
}

// MARK: What may be left out

extension ContainerSecurity {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        addedCapabilities = try members.value(.addedCapabilities, or: [])
        droppedCapabilities = try members.value(.droppedCapabilities, or: [])
        privileged = try members.value(.privileged, or: false)
        options = try members.value(.options, or: [])
        readOnlyRoot = try members.value(.readOnlyRoot, or: false)
        groups = try members.value(.groups, or: [])
        devices = try members.value(.devices, or: [])
        deviceRules = try members.value(.deviceRules, or: [])
    }
}

extension ContainerSecurity.Device {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let source = try members.decode(String.self, forKey: .source)
        self.init(
            source: source, target: try members.value(.target, or: source),
            access: try members.value(.access, or: "rwm"))
    }
}
