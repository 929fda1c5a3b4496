/// Whose namespaces a container has, in docker's words. What is nil is its own, as usual.
public struct ContainerNamespaces: Codable, Sendable, Hashable {
    /// `host`, `container:NAME`.
    public var pid: String?
    /// `private`, `shareable`, `none`, `host`, `container:NAME`.
    public var ipc: String?
    /// `host`.
    public var uts: String?
    /// `host`.
    public var user: String?
    /// `host`, `private`.
    public var cgroup: String?

    public init() {}
}

extension ContainerSpecification {
    /// The network of a container.
    public enum Network: RawRepresentable, Codable, Sendable, Hashable {
        case host, none
        /// That of another container, by name or ID.
        case container(String)

        public init?(rawValue: String) {
            switch rawValue {
            case "host": self = .host
            case "none": self = .none
            default:
                guard let name = ContainerReference.name(in: rawValue) else { return nil }
                self = .container(name)
            }
        }

        public var rawValue: String {
            switch self {
            case .host: "host"
            case .none: "none"
            case .container(let name): ContainerReference.prefix + name
            }
        }
    }
}

/// `container:NAME`: the container whose namespace is joined.
public enum ContainerReference {
    public static let prefix = "container:"

    /// Nil for other words, and without a name.
    public static func name(in mode: String) -> String? {
        guard mode.hasPrefix(prefix), mode.utf8.count > prefix.utf8.count else { return nil }
        return String(mode.dropFirst(prefix.count))
    }
}
