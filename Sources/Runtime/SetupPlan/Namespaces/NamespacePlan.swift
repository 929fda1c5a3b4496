public import LinuxKernel
public import RuntimeSpec

/// Which namespaces the container has of its own: config-linux.md, "Namespaces".
public struct NamespacePlan: Hashable, Sendable {
    public struct Joined: Hashable, Sendable {
        public let kind: NamespaceKinds
        public let path: String
    }

    /// Made anew.
    public private(set) var created: NamespaceKinds = []
    /// Existing ones, in the order of the configuration.
    public private(set) var joined: [Joined] = []
    public let uidMappings: [IDMapping]
    public let gidMappings: [IDMapping]
    /// What to write into `timens_offsets`; empty for none.
    public let timeOffsets: String

    /// Not the runtime's own one.
    public func has(_ kind: NamespaceKinds) -> Bool {
        created.contains(kind) || joined.contains { $0.kind == kind }
    }

    /// All that are not the runtime's own.
    public var all: NamespaceKinds { joined.reduce(into: created) { $0.formUnion($1.kind) } }

    init(_ linux: Linux, _ refusals: inout Refusals) {
        uidMappings = linux.uidMappings ?? []
        gidMappings = linux.gidMappings ?? []
        timeOffsets = Self.offsets(linux.timeOffsets ?? [:], &refusals)
        for (index, namespace) in (linux.namespaces ?? []).enumerated() {
            add(namespace, "linux.namespaces[\(index)]", &refusals)
        }
        check(linux, &refusals)
    }

    private mutating func add(_ namespace: Namespace, _ member: String, _ refusals: inout Refusals) {
        let kind = namespace.type.kind
        if has(kind) { refusals.invalid(member, "a second \(namespace.type.rawValue) namespace") }
        guard let path = namespace.path, !path.isEmpty else {
            created.insert(kind)
            return
        }
        if !path.hasPrefix("/") { refusals.invalid("\(member).path", "must be absolute") }
        joined.append(Joined(kind: kind, path: path))
    }

    private func check(_ linux: Linux, _ refusals: inout Refusals) {
        let hasMappings = !uidMappings.isEmpty || !gidMappings.isEmpty
        if hasMappings && !has(.user) {
            refusals.invalid("linux.uidMappings", "mappings need a user namespace in linux.namespaces")
        }
        if created.contains(.user) && (uidMappings.isEmpty || gidMappings.isEmpty) {
            refusals.invalid("linux.namespaces", "a new user namespace needs linux.uidMappings and linux.gidMappings")
        }
        if !(linux.timeOffsets ?? [:]).isEmpty && !created.contains(.time) {
            refusals.invalid("linux.timeOffsets", "offsets need a new time namespace in linux.namespaces")
        }
    }

    private static func offsets(_ offsets: [String: TimeOffset], _ refusals: inout Refusals) -> String {
        var lines = ""
        for (clock, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            guard clock == "monotonic" || clock == "boottime" else {
                refusals.invalid("linux.timeOffsets", "\"\(clock)\" is not one of boottime, monotonic")
                continue
            }
            lines += "\(clock) \(offset.secs ?? 0) \(offset.nanosecs ?? 0)\n"
        }
        return lines
    }
}

extension NamespaceType {
    /// The bit that clone3(2) and setns(2) know it by.
    public var kind: NamespaceKinds {
        switch self {
        case .pid: .pid
        case .network: .network
        case .mount: .mount
        case .ipc: .ipc
        case .uts: .uts
        case .user: .user
        case .cgroup: .cgroup
        case .time: .time
        }
    }
}
