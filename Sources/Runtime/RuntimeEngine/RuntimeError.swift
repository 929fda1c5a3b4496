/// Why an operation on a container failed.
public struct RuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a program may act on; the words do not change.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The program to run is not in the container: exit code 127.
        case executableNotFound = "executable-not-found"
        /// The program to run is there and cannot be executed: exit code 126.
        case executableNotRunnable = "executable-not-runnable"
        case permissionDenied = "permission-denied"
        /// The bundle, its configuration, an option or an identifier is wrong.
        case invalidConfiguration = "invalid-configuration"
        /// Right by the specification, but this runtime or this kernel cannot do it.
        case notSupported = "not-supported"
        case containerExists = "container-exists"
        case noSuchContainer = "no-such-container"
        /// The container is there, but not in a state that allows the operation.
        case wrongState = "wrong-state"
        /// A hook failed, or took too long.
        case hookFailed = "hook-failed"
        /// The kernel, or the disk, said no.
        case system = "system"
    }

    public let kind: Kind
    /// One line that names the thing and says what to do.
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}
