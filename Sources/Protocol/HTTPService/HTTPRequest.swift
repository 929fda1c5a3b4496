internal import NIOCore
public import NIOHTTP1

/// A request as a service sees it.
public struct HTTPRequest {
    public let method: HTTPMethod
    /// As it was sent, without the query: percent-encoded.
    public let path: String
    public let query: HTTPQuery
    public let headers: HTTPHeaders
    public let body: HTTPRequestBody
    /// Who asks, as an address without a port.
    public let client: String
    public let isSecure: Bool

    init(_ head: HTTPRequestHead, body: HTTPRequestBody, client: String, isSecure: Bool) {
        method = head.method
        headers = head.headers
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "")
        query = HTTPQuery(parts.count > 1 ? parts[1] : "")
        self.body = body
        self.client = client
        self.isSecure = isSecure
    }

    /// Components of the path, decoded: `/v2/a/` is `["v2", "a", ""]`. Nil when they cannot be decoded.
    public var components: [String]? {
        guard path.hasPrefix("/") else { return nil }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let decoded = parts.compactMap { PercentEncoding.decode($0) }
        return decoded.count == parts.count ? decoded : nil
    }
}

/// The part of a URI behind the question mark: RFC 3986, 3.4, as forms write it.
public struct HTTPQuery: Sendable {
    private let items: [(name: String, value: String)]

    init(_ text: some StringProtocol) {
        items = text.split(separator: "&").compactMap { item in
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = sides.first.flatMap({ PercentEncoding.decode($0, plusIsSpace: true) }) else { return nil }
            let value = sides.count > 1 ? PercentEncoding.decode(sides[1], plusIsSpace: true) : ""
            return value.map { (name, $0) }
        }
    }

    /// The first value of `name`; empty when it has a name alone.
    public subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of `name`, in order.
    public func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }
}

/// RFC 3986, 2.1.
public enum PercentEncoding {
    /// Nil for a percent sign without two digits, for NUL, and for what is not UTF-8.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), value != 0,
                    rest.count >= 2
                else { return nil }
                rest = rest.dropFirst(2)
                bytes.append(value)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Leaves "unreserved" characters (RFC 3986, 2.3) alone.
    public static func encode(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isASCIIHexDigit || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || "-._~".unicodeScalars.contains(scalar)
            {
                encoded.unicodeScalars.append(scalar)
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
