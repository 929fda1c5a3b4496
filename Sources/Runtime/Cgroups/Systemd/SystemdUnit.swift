public import RuntimeSpec

/// The scope that systemd keeps for a container: systemd.scope(5).
public struct SystemdUnit: Hashable, Sendable {
    /// `prefix-name.scope`; a slice when the name itself is one.
    public let name: String
    /// The slice that it is in, by its name.
    public let slice: String
    /// Of the user's own manager rather than the system's.
    public let isUser: Bool

    /// From `linux.cgroupsPath` as `slice:prefix:name`; without one, a scope of the container's identifier.
    init(cgroupsPath: String?, id: String, isUser: Bool) throws(CgroupError) {
        self.isUser = isUser
        let path = cgroupsPath ?? ""
        let parts = (path.isEmpty ? ":wherry:\(id)" : path).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[2].isEmpty else {
            throw CgroupError(
                .invalid,
                "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"\(path)\" instead"
            )
        }
        slice = parts[0].isEmpty ? (isUser ? "user.slice" : "system.slice") : String(parts[0])
        name = parts[2].hasSuffix(".slice") ? String(parts[2]) : "\(parts[1])-\(parts[2]).scope"
        guard !name.contains("/") else { throw CgroupError(.invalid, "invalid unit name: \(name)") }
        _ = try Self.expand(slice: slice)
    }

    public var isSlice: Bool { name.hasSuffix(".slice") }

    /// Where its cgroup is below the manager's own.
    var path: String {
        get throws(CgroupError) { CgroupPath.join(try Self.expand(slice: slice), name) }
    }

    /// Dashes in a slice's name are its place in the tree: `a-b.slice` is `/a.slice/a-b.slice` (systemd.slice(5)).
    static func expand(slice: String) throws(CgroupError) -> String {
        let invalid = CgroupError(.invalid, "invalid slice name: \(slice)")
        guard slice.hasSuffix(".slice"), !slice.contains("/") else { throw invalid }
        let stem = slice.dropLast(".slice".count)
        if stem == "-" { return "/" }
        var path = ""
        var prefix = ""
        for part in stem.split(separator: "-", omittingEmptySubsequences: false) {
            guard !part.isEmpty else { throw invalid }
            path += "/\(prefix)\(part).slice"
            prefix += part + "-"
        }
        return path
    }
}

extension SystemdUnit: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        name = try members.required("name")
        slice = try members.required("slice")
        isUser = try members.required("isUser")
    }

    /// What ``init(_:)`` reads.
    public var json: JSONValue {
        .object([("name", .string(name)), ("slice", .string(slice)), ("isUser", .bool(isUser))])
    }
}
