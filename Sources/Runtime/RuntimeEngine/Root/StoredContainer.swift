internal import LinuxKernel
internal import RuntimeSpec

/// What of a container does not change: `state.json`.
struct StoredContainer: Codable, Hashable, Document {
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
    /// Bits of the namespaces that are not the runtime's own.
    let namespaces: UInt64
    /// Those that come after the container was made.
    let hooks: Hooks?

    var namespaceKinds: NamespaceKinds { NamespaceKinds(rawValue: namespaces) }
}

/// Names below `<root>/<id>`.
///
///     state.json     what does not change; there before anything else is made, so that all of it can be removed
///     config.json    the configuration that the container was made from
///     process        number and start time of the first process; there once `create` is through
///     exec.fifo      there from `create` to `start`: its reader is the waiting process
///     start.error    why the process could not become its program after `start`
enum StateFile {
    static let state = "state.json"
    static let configuration = "config.json"
    static let process = "process"
    static let fifo = "exec.fifo"
    static let startFailure = "start.error"
}
