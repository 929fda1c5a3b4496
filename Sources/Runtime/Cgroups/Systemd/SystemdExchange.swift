public import RuntimeSpec

/// What the runtime asks of `wherry-systemd`, a line of JSON on its standard input.
public struct SystemdRequest: Hashable, Sendable {
    public enum Action: String, Sendable {
        /// Makes a transient unit and waits until it is there.
        case start
        /// Changes properties until the next boot.
        case setProperties
        /// Moves processes into the unit's cgroup, or one below it.
        case attach
        /// Stops the unit, waits until it is gone, and forgets that it may have failed. One that is not there is fine.
        case stop
        /// Forgets that the unit failed, so that its name is free.
        case resetFailed
    }

    public let action: Action
    public let unit: String
    public var properties: [SystemdProperty]?
    public var processes: [UInt32]?
    /// Below the unit's cgroup, beginning with a slash.
    public var cgroup: String?

    public init(
        _ action: Action, _ unit: String, properties: [SystemdProperty]? = nil, processes: [UInt32]? = nil,
        cgroup: String? = nil
    ) {
        self.action = action
        self.unit = unit
        self.properties = properties
        self.processes = processes
        self.cgroup = cgroup
    }
}

/// What `wherry-systemd` answers, a line of JSON on its standard output: one first of all, once it reached the manager,
/// and one for every request.
public struct SystemdAnswer: Hashable, Sendable {
    /// Nil if all went well.
    public var error: String?
    /// D-Bus's name of the error: `org.freedesktop.systemd1.UnitExists`.
    public var errorName: String?
    /// Of the first answer: systemd's version.
    public var version: Int?
    /// Of the first answer: the manager's own cgroup, from the root of the hierarchy.
    public var controlGroup: String?

    public init(error: String? = nil, errorName: String? = nil, version: Int? = nil, controlGroup: String? = nil) {
        self.error = error
        self.errorName = errorName
        self.version = version
        self.controlGroup = controlGroup
    }
}

// MARK: As JSON

extension SystemdRequest: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        let word: String = try members.required("action")
        guard let action = Action(rawValue: word) else { throw JSONMismatch("action: \(word) is none") }
        self.init(
            action, try members.required("unit"), properties: try members.optional("properties"),
            processes: try members.optional("processes"), cgroup: try members.optional("cgroup"))
    }

    public var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("action", .string(action.rawValue)), ("unit", .string(unit)),
        ]
        if let properties { members.append(("properties", .array(properties.map(\.json)))) }
        if let processes { members.append(("processes", .array(processes.map { .integer($0) }))) }
        if let cgroup { members.append(("cgroup", .string(cgroup))) }
        return .object(members)
    }
}

extension SystemdAnswer: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        error = try members.optional("error")
        errorName = try members.optional("errorName")
        version = try members.optional("version")
        controlGroup = try members.optional("controlGroup")
    }

    public var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = []
        if let error { members.append(("error", .string(error))) }
        if let errorName { members.append(("errorName", .string(errorName))) }
        if let version { members.append(("version", .integer(version))) }
        if let controlGroup { members.append(("controlGroup", .string(controlGroup))) }
        return .object(members)
    }
}
