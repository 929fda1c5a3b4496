/// Why a transfer brought no answer, or not all of it.
public struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        case cancelled
        /// The sink wanted no more, and knows why.
        case refused
        /// The request cannot be made: its address, or a field of it.
        case invalid
        case unresolvedHost
        case unreachable
        /// TLS could not be agreed on: the other side may not speak it.
        case handshake
        /// The other side is not whom its certificate should show.
        case certificate
        case timeout
        /// The connection broke in the middle.
        case interrupted
        case other
    }

    public let kind: Kind
    /// Without credentials and query.
    public let place: String
    public let reason: String

    public init(_ kind: Kind, _ url: String, _ reason: String) {
        self.kind = kind
        place = TransferURL(url)?.place ?? "(no address)"
        self.reason = reason
    }

    public var description: String { "\(place): \(reason)" }

    /// Whether the same may succeed a moment later.
    public var isTransient: Bool { [.unreachable, .timeout, .interrupted].contains(kind) }
}
