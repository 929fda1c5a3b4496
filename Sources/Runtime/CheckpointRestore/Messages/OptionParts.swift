/// Where pages go to instead of into a file: `criu_page_server_info`.
public struct PageServer: Hashable, Sendable {
    public let address: String
    public let port: Int32

    public init(address: String, port: Int32) {
        self.address = address
        self.port = port
    }
}

extension PageServer: WireMessage {
    func write(to writer: inout WireWriter) {
        writer.write(address, as: 1)
        writer.write(port, as: 2)
    }
}

/// `--manage-cgroups-mode`: `criu_cg_mode`.
public enum CgroupsMode: Int32, Sendable {
    case ignore = 0
    case soft = 3
    case full = 4
    case strict = 5
    /// CRIU's own.
    case standard = 6

    /// As the command line has it.
    public init?(word: String) {
        switch word {
        case "ignore": self = .ignore
        case "soft": self = .soft
        case "full": self = .full
        case "strict": self = .strict
        default: return nil
        }
    }
}

/// Where the restored processes' cgroups are: `cgroup_root`.
public struct CgroupRoot: Hashable, Sendable {
    /// Empty for the unified hierarchy.
    public let controller: String
    public let path: String

    public init(controller: String, path: String) {
        self.controller = controller
        self.path = path
    }
}

extension CgroupRoot: WireMessage {
    func write(to writer: inout WireWriter) {
        writer.write(controller, as: 1)
        writer.write(path, as: 2)
    }
}

/// A mount whose content is not the tree's own: `ext_mount_map`. When dumped, `key` is its place and `value` a name;
/// when restored, `key` is that name and `value` what to bind.
public struct ExternalMount: Hashable, Sendable {
    public let key: String
    public let value: String

    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

extension ExternalMount: WireMessage {
    func write(to writer: inout WireWriter) {
        writer.write(key, as: 1)
        writer.write(value, as: 2)
    }
}

/// A namespace that exists, for the tree to be restored in: `join_namespace`.
public struct JoinedNamespace: Hashable, Sendable {
    /// As procfs names it: `ipc`, `mnt`, `user`, `uts`.
    public let kind: String
    public let path: String

    public init(kind: String, path: String) {
        self.kind = kind
        self.path = path
    }
}

extension JoinedNamespace: WireMessage {
    func write(to writer: inout WireWriter) {
        writer.write(kind, as: 1)
        writer.write(path, as: 2)
    }
}

/// A descriptor of CRIU's own that takes the place of a file of the images: `inherit_fd`.
public struct InheritedDescriptor: Hashable, Sendable {
    /// `pipe:[1234]`, or the key of an external namespace.
    public let key: String
    public let number: Int32

    public init(key: String, number: Int32) {
        self.key = key
        self.number = number
    }
}

extension InheritedDescriptor: WireMessage {
    func write(to writer: inout WireWriter) {
        writer.write(key, as: 1)
        writer.write(number, as: 2)
    }
}
