/// Why a file of keys or a token is not taken.
public struct WebTokenError: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: String
    public var description: String { reason }

    init(reason: String) { self.reason = reason }
}
