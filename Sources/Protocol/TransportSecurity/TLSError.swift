internal import CSSL

/// Why TLS cannot be offered, or a connection goes on no more.
public struct TLSError: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: String
    public var description: String { reason }

    init(reason: String) { self.reason = reason }

    /// What failed, and what libssl says of it; its list of errors is empty from then on.
    init(_ what: String) {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard let text = unsafe ERR_reason_error_string(code) else {
            reason = what
            return
        }
        reason = unsafe "\(what): \(String(cString: text))"
    }
}
