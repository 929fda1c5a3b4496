internal import FoundationEssentials

/// RFC 7515, appendix C: base64 with `-` and `_`, without padding.
enum Base64URL {
    /// Nil for what has a character of another alphabet, or padding.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/= \r\n\t".utf8.contains($0) }) else { return nil }
        let usual = text.map { character -> Character in
            switch character {
            case "-": "+"
            case "_": "/"
            default: character
            }
        }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: String(usual) + padding).map { Array($0) }
    }
}
