internal import FoundationEssentials

/// The keys that tokens may be signed with.
public struct KeySet: Sendable {
    struct Entry: Sendable {
        /// `kid`: what tokens call it, if it has a name.
        var identifier: String?
        let key: PublicKey
    }

    let entries: [Entry]

    /// Reads a file: PEM with certificates or public keys, or a JSON Web Key Set.
    public init(parsing bytes: [UInt8]) throws(WebTokenError) {
        let isJSON = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
        entries = isJSON ? try Self.keySet(bytes) : try PEMKeys.read(bytes).map { Entry(identifier: nil, key: $0) }
        guard !entries.isEmpty else {
            throw WebTokenError(
                reason: isJSON
                    ? "it has no key for RS256 or ES256 signatures"
                    : "it has neither certificates nor public keys in PEM, nor is it a JSON Web Key Set")
        }
    }

    /// RFC 7517, section 5: keys of types that are not known are passed over; so are those for encryption.
    private static func keySet(_ bytes: [UInt8]) throws(WebTokenError) -> [Entry] {
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(bytes)) } catch {
            throw WebTokenError(reason: "it is no JSON Web Key Set")
        }
        var entries: [Entry] = []
        for key in document.keys where key.use ?? "sig" == "sig" {
            guard let numbers = try key.numbers() else { continue }
            let made = try numbers.publicKey()
            guard key.alg ?? made.kind.rawValue == made.kind.rawValue else { continue }
            entries.append(Entry(identifier: key.kid, key: made))
        }
        return entries
    }

    /// The keys that may have signed what names `identifier`: those of that name, and those without one.
    func keys(for identifier: String?) -> [PublicKey] {
        entries.filter { $0.identifier == nil || identifier == nil || $0.identifier == identifier }.map(\.key)
    }

    private struct Document: Decodable { let keys: [JSONWebKey] }
}

/// RFC 7517, section 4, and RFC 7518, section 6.
private struct JSONWebKey: Decodable {
    let kty: String
    var use: String?
    var alg: String?
    var kid: String?
    var n: String?
    var e: String?
    var crv: String?
    var x: String?
    var y: String?

    /// Nil for a type of key that is not known.
    func numbers() throws(WebTokenError) -> KeyNumbers? {
        switch kty {
        case "RSA": return .rsa(modulus: try number(n, "n"), exponent: try number(e, "e"))
        case "EC" where crv == "P-256": return .p256(x: try number(x, "x"), y: try number(y, "y"))
        default: return nil
        }
    }

    private func number(_ text: String?, _ member: String) throws(WebTokenError) -> [UInt8] {
        guard let bytes = text.flatMap(Base64URL.decode), !bytes.isEmpty else {
            throw WebTokenError(reason: "key \(kid ?? "without kid"): \"\(member)\" is no base64url")
        }
        return bytes
    }
}
