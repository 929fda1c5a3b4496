/// A bundle's `config.json`: runtime-spec 1.3.0, config.md, as far as it concerns Linux.
///
/// Members carry the specification's names. What may be absent is nil; sections for other platforms and members that
/// the specification does not know are ignored.
public struct RuntimeConfiguration: Codable, Hashable, Sendable {
    /// The version of the specification that the bundle complies with, `1.3.0`.
    public var ociVersion: String
    public var root: Root?
    public var mounts: [Mount]?
    public var process: Process?
    public var hostname: String?
    public var domainname: String?
    public var hooks: Hooks?
    public var annotations: [String: String]?
    public var linux: Linux?
    public var vm: VirtualMachine?

    public init(
        ociVersion: String, root: Root? = nil, mounts: [Mount]? = nil, process: Process? = nil, hostname: String? = nil,
        domainname: String? = nil, hooks: Hooks? = nil, annotations: [String: String]? = nil, linux: Linux? = nil,
        vm: VirtualMachine? = nil
    ) {
        self.ociVersion = ociVersion
        self.root = root
        self.mounts = mounts
        self.process = process
        self.hostname = hostname
        self.domainname = domainname
        self.hooks = hooks
        self.annotations = annotations
        self.linux = linux
        self.vm = vm
    }
}

/// config.md, "Root": the container's root filesystem.
public struct Root: Codable, Hashable, Sendable {
    /// Absolute, or relative to the bundle.
    public var path: String
    public var readonly: Bool?

    public init(path: String, readonly: Bool? = nil) {
        self.path = path
        self.readonly = readonly
    }
}

/// config.md, "Mounts".
public struct Mount: Codable, Hashable, Sendable {
    /// Where in the container; a relative path counts from its root.
    public var destination: String
    public var type: String?
    public var source: String?
    public var options: [String]?
    public var uidMappings: [IDMapping]?
    public var gidMappings: [IDMapping]?

    public init(
        destination: String, type: String? = nil, source: String? = nil, options: [String]? = nil,
        uidMappings: [IDMapping]? = nil, gidMappings: [IDMapping]? = nil
    ) {
        self.destination = destination
        self.type = type
        self.source = source
        self.options = options
        self.uidMappings = uidMappings
        self.gidMappings = gidMappings
    }
}

/// config-vm.md. Only its presence is known here, so that it can be refused.
public struct VirtualMachine: Codable, Hashable, Sendable {

    public init() {
    }
}
