internal import CCurl

/// An address of `http` or `https`, as libcurl itself reads it: two readers of one address are an attack.
public struct TransferURL: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    public let scheme: String
    public let host: String
    public let port: String
    public let hasCredentials: Bool

    /// Nil for what is no such address.
    public init?(_ text: String) { self.init(parts: [text]) }

    /// Where `reference`, absolute or not, leads from here (RFC 3986, section 5).
    public func resolving(_ reference: String) -> TransferURL? { TransferURL(parts: [description, reference]) }

    private init?(parts: [String]) {
        guard let handle = unsafe curl_url() else { return nil }
        defer { unsafe curl_url_cleanup(handle) }
        for part in parts {
            guard unsafe curl_url_set(handle, CURLUPART_URL, part, 0) == CURLUE_OK else { return nil }
        }
        func read(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard unsafe curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text = unsafe text else {
                return nil
            }
            defer { unsafe curl_free(text) }
            return unsafe String(cString: text)
        }
        guard let url = read(CURLUPART_URL), let scheme = read(CURLUPART_SCHEME), ["http", "https"].contains(scheme),
            let host = read(CURLUPART_HOST), let port = read(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))
        else { return nil }
        description = url
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        hasCredentials = read(CURLUPART_USER) != nil || read(CURLUPART_PASSWORD) != nil
    }

    /// Scheme, host and port: whom credentials are for.
    public var origin: String { "\(scheme)://\(host):\(port)" }

    /// `localhost`, `127.0.0.0/8` and `[::1]`: what never leaves this machine.
    public static func isLoopback(host: String) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return ["localhost", "[::1]"].contains(host)
            || (numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil })
    }

    /// For messages: neither credentials nor a query, which may hold a signature.
    public var place: String {
        let standard = scheme == "https" ? "443" : "80"
        return "\(scheme)://\(host)\(port == standard ? "" : ":\(port)")"
    }
}
