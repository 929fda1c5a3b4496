/// config-linux.md.
public struct Linux: Codable, Hashable, Sendable {
    public var uidMappings: [IDMapping]?
    public var gidMappings: [IDMapping]?
    /// Kernel parameters by name, `net.ipv4.ip_forward`.
    public var sysctl: [String: String]?
    public var resources: Resources?
    public var cgroupsPath: String?
    public var namespaces: [Namespace]?
    public var devices: [Device]?
    /// By the device's name on the host.
    public var netDevices: [String: NetworkDevice]?
    public var seccomp: Seccomp?
    /// `shared`, `slave`, `private`, `unbindable`, also with an `r` in front.
    public var rootfsPropagation: String?
    public var maskedPaths: [String]?
    public var readonlyPaths: [String]?
    public var mountLabel: String?
    public var intelRdt: IntelResourceDirector?
    public var memoryPolicy: MemoryPolicy?
    public var personality: Personality?
    /// By clock: `monotonic` and `boottime`.
    public var timeOffsets: [String: TimeOffset]?

    public init(
        uidMappings: [IDMapping]? = nil, gidMappings: [IDMapping]? = nil, sysctl: [String: String]? = nil,
        resources: Resources? = nil, cgroupsPath: String? = nil, namespaces: [Namespace]? = nil,
        devices: [Device]? = nil, netDevices: [String: NetworkDevice]? = nil, seccomp: Seccomp? = nil,
        rootfsPropagation: String? = nil, maskedPaths: [String]? = nil, readonlyPaths: [String]? = nil,
        mountLabel: String? = nil, intelRdt: IntelResourceDirector? = nil, memoryPolicy: MemoryPolicy? = nil,
        personality: Personality? = nil, timeOffsets: [String: TimeOffset]? = nil
    ) {
        self.uidMappings = uidMappings
        self.gidMappings = gidMappings
        self.sysctl = sysctl
        self.resources = resources
        self.cgroupsPath = cgroupsPath
        self.namespaces = namespaces
        self.devices = devices
        self.netDevices = netDevices
        self.seccomp = seccomp
        self.rootfsPropagation = rootfsPropagation
        self.maskedPaths = maskedPaths
        self.readonlyPaths = readonlyPaths
        self.mountLabel = mountLabel
        self.intelRdt = intelRdt
        self.memoryPolicy = memoryPolicy
        self.personality = personality
        self.timeOffsets = timeOffsets
    }
}

extension Linux: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        uidMappings = try members.optional("uidMappings")
        gidMappings = try members.optional("gidMappings")
        sysctl = try members.optional("sysctl")
        resources = try members.optional("resources")
        cgroupsPath = try members.optional("cgroupsPath")
        namespaces = try members.optional("namespaces")
        devices = try members.optional("devices")
        netDevices = try members.optional("netDevices")
        seccomp = try members.optional("seccomp")
        rootfsPropagation = try members.optional("rootfsPropagation")
        maskedPaths = try members.optional("maskedPaths")
        readonlyPaths = try members.optional("readonlyPaths")
        mountLabel = try members.optional("mountLabel")
        intelRdt = try members.optional("intelRdt")
        memoryPolicy = try members.optional("memoryPolicy")
        personality = try members.optional("personality")
        timeOffsets = try members.optional("timeOffsets")
    }
}

/// config-linux.md, "Namespaces": one to make, or to join at `path`.
public struct Namespace: Codable, Hashable, Sendable {
    public var type: NamespaceType
    public var path: String?

    public init(type: NamespaceType, path: String? = nil) {
        self.type = type
        self.path = path
    }
}

extension Namespace: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        type = try members.required("type")
        path = try members.optional("path")
    }
}

public enum NamespaceType: String, SpecificationWord {
    case pid
    case network
    case mount
    case ipc
    case uts
    case user
    case cgroup
    case time
}

/// config-linux.md, "User namespace mappings".
public struct IDMapping: Codable, Hashable, Sendable {
    public var containerID: UInt32
    public var hostID: UInt32
    public var size: UInt32

    public init(containerID: UInt32, hostID: UInt32, size: UInt32) {
        self.containerID = containerID
        self.hostID = hostID
        self.size = size
    }
}

extension IDMapping: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        containerID = try members.required("containerID")
        hostID = try members.required("hostID")
        size = try members.required("size")
    }
}

/// config-linux.md, "Offset for Time Namespace".
public struct TimeOffset: Codable, Hashable, Sendable {
    public var secs: Int64?
    public var nanosecs: UInt32?

    public init(secs: Int64? = nil, nanosecs: UInt32? = nil) {
        self.secs = secs
        self.nanosecs = nanosecs
    }
}

extension TimeOffset: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        secs = try members.optional("secs")
        nanosecs = try members.optional("nanosecs")
    }
}

/// config-linux.md, "Devices": a node to make.
public struct Device: Codable, Hashable, Sendable {
    public var path: String
    /// `c`, `b`, `u` or `p`.
    public var type: String
    public var major: Int64?
    public var minor: Int64?
    public var fileMode: UInt32?
    public var uid: UInt32?
    public var gid: UInt32?

    public init(
        path: String, type: String, major: Int64? = nil, minor: Int64? = nil, fileMode: UInt32? = nil,
        uid: UInt32? = nil, gid: UInt32? = nil
    ) {
        self.path = path
        self.type = type
        self.major = major
        self.minor = minor
        self.fileMode = fileMode
        self.uid = uid
        self.gid = gid
    }
}

extension Device: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        path = try members.required("path")
        type = try members.required("type")
        major = try members.optional("major")
        minor = try members.optional("minor")
        fileMode = try members.optional("fileMode")
        uid = try members.optional("uid")
        gid = try members.optional("gid")
    }
}

/// config-linux.md, "Network Devices": a device of the host's to move into the container.
public struct NetworkDevice: Codable, Hashable, Sendable {
    public var name: String?

    public init(name: String? = nil) {
        self.name = name
    }
}

extension NetworkDevice: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        name = try members.optional("name")
    }
}

/// config-linux.md, "Personality".
public struct Personality: Codable, Hashable, Sendable {
    public var domain: PersonalityDomain
    public var flags: [String]?

    public init(domain: PersonalityDomain, flags: [String]? = nil) {
        self.domain = domain
        self.flags = flags
    }
}

extension Personality: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        domain = try members.required("domain")
        flags = try members.optional("flags")
    }
}

public enum PersonalityDomain: String, SpecificationWord {
    case linux = "LINUX"
    case linux32 = "LINUX32"
}

/// config-linux.md, "IntelRdt".
public struct IntelResourceDirector: Codable, Hashable, Sendable {
    public var closID: String?
    public var schemata: [String]?
    public var l3CacheSchema: String?
    public var memBwSchema: String?
    public var enableMonitoring: Bool?

    public init(
        closID: String? = nil, schemata: [String]? = nil, l3CacheSchema: String? = nil, memBwSchema: String? = nil,
        enableMonitoring: Bool? = nil
    ) {
        self.closID = closID
        self.schemata = schemata
        self.l3CacheSchema = l3CacheSchema
        self.memBwSchema = memBwSchema
        self.enableMonitoring = enableMonitoring
    }
}

extension IntelResourceDirector: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        closID = try members.optional("closID")
        schemata = try members.optional("schemata")
        l3CacheSchema = try members.optional("l3CacheSchema")
        memBwSchema = try members.optional("memBwSchema")
        enableMonitoring = try members.optional("enableMonitoring")
    }
}

/// config-linux.md, "Memory Policy": set_mempolicy(2).
public struct MemoryPolicy: Codable, Hashable, Sendable {
    /// `MPOL_BIND` and so on. Nil is a mistake, which is told of as other modes that do not exist.
    public var mode: String?
    public var nodes: String?
    public var flags: [String]?

    public init(mode: String?, nodes: String? = nil, flags: [String]? = nil) {
        self.mode = mode
        self.nodes = nodes
        self.flags = flags
    }
}

extension MemoryPolicy: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        mode = try members.optional("mode")
        nodes = try members.optional("nodes")
        flags = try members.optional("flags")
    }
}
