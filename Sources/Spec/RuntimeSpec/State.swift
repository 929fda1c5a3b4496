/// runtime.md, "State": what `state` prints and hooks read.
public struct State: Codable, Hashable, Sendable {
    public var ociVersion: String
    public var id: String
    public var status: ContainerStatus
    /// In the runtime's pid namespace; nil when the container is stopped.
    public var pid: Int32?
    /// Absolute.
    public var bundle: String
    public var annotations: [String: String]?

    public init(
        ociVersion: String, id: String, status: ContainerStatus, pid: Int32? = nil, bundle: String,
        annotations: [String: String]? = nil
    ) {
        self.ociVersion = ociVersion
        self.id = id
        self.status = status
        self.pid = pid
        self.bundle = bundle
        self.annotations = annotations
    }
}

extension State: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        ociVersion = try members.required("ociVersion")
        id = try members.required("id")
        status = try members.required("status")
        pid = try members.optional("pid")
        bundle = try members.required("bundle")
        annotations = try members.optional("annotations")
    }
}

public enum ContainerStatus: String, SpecificationWord {
    case creating
    case created
    case running
    case paused
    case stopped
}

/// config-linux.md, "The Container Process State": what goes to a seccomp listener beside the descriptor.
public struct ContainerProcessState: Codable, Hashable, Sendable {
    public var ociVersion: String
    /// `seccompFd`.
    public var fds: [String]
    public var pid: Int32
    public var metadata: String?
    public var state: State

    public init(ociVersion: String, fds: [String], pid: Int32, metadata: String? = nil, state: State) {
        self.ociVersion = ociVersion
        self.fds = fds
        self.pid = pid
        self.metadata = metadata
        self.state = state
    }
}

extension ContainerProcessState: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        ociVersion = try members.required("ociVersion")
        fds = try members.required("fds")
        pid = try members.required("pid")
        metadata = try members.optional("metadata")
        state = try members.required("state")
    }
}
