internal import LinuxKernel

/// Why CRIU did not do what it was asked.
public struct CriuError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// CRIU is not there, too old, or lacks a feature.
        case unavailable
        /// CRIU tried, and said no.
        case refused
        /// A system call of ours failed, or CRIU cannot be understood.
        case system
    }

    public let kind: Kind
    /// One line.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ action: String, _ error: SystemError) { self.init(.system, "\(action): \(error)") }
}
