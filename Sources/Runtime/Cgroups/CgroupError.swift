public import LinuxKernel

/// What went wrong with a cgroup: what was being done, on which one, and why.
public struct CgroupError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// No hierarchy has what was asked for.
        case unavailable
        /// The configuration cannot be carried out as it stands.
        case invalid
        /// The cgroup is in a state that does not allow it: frozen, not empty, in use.
        case state
        /// Somebody else has one of that name.
        case exists
        /// The kernel refused.
        case system
    }

    public let kind: Kind
    public let message: String
    /// What the kernel said, if it was the kernel.
    public let errno: Errno?

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
        errno = nil
    }

    public init(_ message: String, _ cause: SystemError) {
        kind = .system
        self.message = message
        errno = cause.errno
    }

    public var description: String { errno.map { "\(message): \($0)" } ?? message }

    /// What somebody who may not write to cgroups gets: `EPERM`, `EACCES`, or `EROFS`.
    var isPermission: Bool { errno == .notPermitted || errno == .accessDenied || errno == .readOnly }

    var isMissing: Bool { errno == .noEntry || errno == .notDirectory || errno == .noDevice }
}

extension Errno {
    /// What files of a removed cgroup answer.
    static let noDevice = Errno(rawValue: 19)
}
