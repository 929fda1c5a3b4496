/// A content's name, computed from the content: `sha256:` and 64 hexadecimal digits.
///
/// image-spec 1.1, descriptor.md, "Digests". Only the registered algorithms that we can verify are values of this type.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// descriptor.md, "Registered Algorithms".
    public enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case sha256, sha512

        /// How many hexadecimal digits a digest has.
        public var digitCount: Int { self == .sha256 ? 64 : 128 }
    }

    public let algorithm: Algorithm
    /// Lower-case hexadecimal digits.
    public let encoded: String

    public init(_ text: some StringProtocol) throws(ImageSpecError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw ImageSpecError(.invalidDigest, "digest \(quoted(text)): must be ALGORITHM:HEX")
        }
        guard let algorithm = Algorithm(rawValue: String(text[..<colon])) else {
            throw ImageSpecError(.unsupportedDigest, "digest \(quoted(text)): only sha256 and sha512 can be verified")
        }
        try self.init(algorithm, encoded: text[text.index(after: colon)...])
    }

    public init(_ algorithm: Algorithm, encoded: some StringProtocol) throws(ImageSpecError) {
        guard encoded.utf8.count == algorithm.digitCount, encoded.utf8.allSatisfy(\.isLowerHexadecimal) else {
            throw ImageSpecError(
                .invalidDigest,
                "digest \(quoted("\(algorithm):\(encoded)")): must be \(algorithm.digitCount) lower-case hex digits")
        }
        self.algorithm = algorithm
        self.encoded = String(encoded)
    }

    /// A digest from the hash's own bytes; nil when `bytes` has not the algorithm's length.
    public init?(_ algorithm: Algorithm, bytes: some Collection<UInt8>) {
        guard bytes.count * 2 == algorithm.digitCount else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        self.algorithm = algorithm
        encoded = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    public var description: String { "\(algorithm.rawValue):\(encoded)" }

    /// The first 12 digits, as docker's tables show an image's ID.
    public var short: String { String(encoded.prefix(12)) }

    public static func < (one: Digest, other: Digest) -> Bool { one.description < other.description }
}

extension Digest: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do { try self.init(text) } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UInt8 {
    var isLowerHexadecimal: Bool { isDigit || (0x61...0x66).contains(self) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLowerLetter: Bool { (0x61...0x7a).contains(self) }
    var isUpperLetter: Bool { (0x41...0x5a).contains(self) }
    var isAlphanumeric: Bool { isDigit || isLowerLetter || isUpperLetter }
}

/// What was given, cut short so that a hostile value cannot fill a terminal, and without control characters.
func quoted(_ text: some StringProtocol) -> String {
    let shown = text.unicodeScalars.prefix(160).map { $0.value < 0x20 || $0.value == 0x7f ? "?" : String($0) }
    return "\"" + shown.joined() + (text.unicodeScalars.count > 160 ? "…" : "") + "\""
}
