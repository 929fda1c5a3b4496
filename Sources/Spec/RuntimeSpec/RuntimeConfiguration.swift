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

extension RuntimeConfiguration: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        ociVersion = try members.required("ociVersion")
        root = try members.optional("root")
        mounts = try members.optional("mounts")
        process = try members.optional("process")
        hostname = try members.optional("hostname")
        domainname = try members.optional("domainname")
        hooks = try members.optional("hooks")
        annotations = try members.optional("annotations")
        linux = try members.optional("linux")
        vm = try members.optional("vm")
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

extension Root: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        path = try members.required("path")
        readonly = try members.optional("readonly")
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

extension Mount: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        destination = try members.required("destination")
        type = try members.optional("type")
        source = try members.optional("source")
        options = try members.optional("options")
        uidMappings = try members.optional("uidMappings")
        gidMappings = try members.optional("gidMappings")
    }
}

/// config-vm.md. Only its presence is known here, so that it can be refused.
public struct VirtualMachine: Codable, Hashable, Sendable {

    public init() {
    }
}

extension VirtualMachine: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        _ = try JSONMembers(json)
        self.init()
    }
}
