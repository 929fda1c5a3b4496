internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec

/// What of a container does not change: the first line of ``StateRecord``.
struct StoredContainer: Hashable {
    let ociVersion: String
    let id: String
    /// Absolute.
    let bundle: String
    let rootfs: String
    let created: Timestamp
    let annotations: [String: String]?
    let owner: UInt32
    /// As ``CgroupManager/paths`` has them.
    let cgroups: [String: String]
    /// As ``CgroupManager/unit`` has it.
    let systemdUnit: SystemdUnit?
    /// Bits of the namespaces that are not the runtime's own.
    let namespaces: UInt64
    /// Of the first process, when it started; a checkpoint needs them. Nil in states of older versions.
    let streams: [String]?
    /// Those that come after the container was made.
    let hooks: Hooks?
    let resourceControl: ResourceControlGroup?
    /// Its processes stay in the session keyring of whoever starts them.
    let hasNoKeyring: Bool

    var namespaceKinds: NamespaceKinds { NamespaceKinds(rawValue: namespaces) }
}

extension StoredContainer: JSONReadable {
    init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        ociVersion = try members.required("ociVersion")
        id = try members.required("id")
        bundle = try members.required("bundle")
        rootfs = try members.required("rootfs")
        let moment: String = try members.required("created")
        guard let created = Timestamp(moment) else { throw JSONMismatch("created: \(moment) is not an RFC 3339 date") }
        self.created = created
        annotations = try members.optional("annotations")
        owner = try members.required("owner")
        cgroups = try members.required("cgroups")
        systemdUnit = try members.optional("systemdUnit")
        namespaces = try members.required("namespaces")
        streams = try members.optional("streams")
        hooks = try members.optional("hooks")
        resourceControl = try members.optional("resourceControl")
        hasNoKeyring = try members.optional("hasNoKeyring") ?? false
    }

    /// What ``init(_:)`` reads.
    var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("ociVersion", .string(ociVersion)), ("id", .string(id)), ("bundle", .string(bundle)),
            ("rootfs", .string(rootfs)), ("created", .string(created.description)), ("owner", .integer(owner)),
            ("cgroups", .object(cgroups.map { ($0.key, .string($0.value)) })), ("namespaces", .integer(namespaces)),
        ]
        if let annotations { members.append(("annotations", .object(annotations.map { ($0.key, .string($0.value)) }))) }
        if let systemdUnit { members.append(("systemdUnit", systemdUnit.json)) }
        if let streams { members.append(("streams", .array(streams.map(JSONValue.string)))) }
        if let resourceControl { members.append(("resourceControl", resourceControl.json)) }
        if hasNoKeyring { members.append(("hasNoKeyring", .bool(true))) }
        if let hooks { members.append(("hooks", JSONValue(encoding: hooks))) }
        return .object(members)
    }
}

/// Names below `<root>/<id>`.
///
///     container      a ``StateRecord``; there before anything else is made, so that all of it can be removed
///     notify/        the socket of the container's readiness, if somebody wants to hear of it
///     exec.fifo      there from `create` to `start`: its reader is the waiting process
enum StateFile {
    static let container = "container"
    static let fifo = "exec.fifo"
    static let notify = "notify"
}
