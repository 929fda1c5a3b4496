public import RuntimeSpec

/// What `state` and `list` print of a container: the specification's state and runc's additions.
public struct ContainerReport: Hashable, Sendable {
    public var ociVersion: String
    public var id: String
    /// 0 when the container is stopped, as runc prints it.
    public var pid: Int32
    public var status: ContainerStatus
    public var bundle: String
    public var rootfs: String
    /// RFC 3339.
    public var created: String
    public var annotations: [String: String]?
    /// The name of the user who owns the state directory.
    public var owner: String
}
