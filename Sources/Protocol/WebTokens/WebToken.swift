internal import FoundationEssentials

/// Who has to have made a token, and for whom.
public struct TokenExpectation: Hashable, Sendable {
    public let issuer: String
    public let audience: String

    public init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }
}

extension KeySet {
    /// How far the clocks of two machines may be apart, in seconds.
    private static let leeway = 60.0

    /// The claims of a token, as JSON, if one of the keys signed it and it is what is expected: RFC 7519, section 7.2.
    /// `now` is in seconds since 1970.
    public func claims(of token: some StringProtocol, _ expected: TokenExpectation, now: Double)
        throws(WebTokenError) -> [UInt8]
    {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let claims = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw WebTokenError(reason: "it is no JSON Web Token of three parts") }
        try checkSignature(signature, of: Array("\(parts[0]).\(parts[1])".utf8), header: header)
        try Self.check(try decode(RegisteredClaims.self, claims), expected, now: now)
        return claims
    }

    /// The key decides which algorithm is right, not the token: "none", or HS256 with a public key for a secret, are
    /// nobody's (token-confusion).
    private func checkSignature(_ signature: [UInt8], of message: [UInt8], header: [UInt8]) throws(WebTokenError) {
        let header = try decode(Header.self, header)
        // RFC 7515, section 4.1.11: what must be understood, and is not.
        guard header.crit == nil else { throw WebTokenError(reason: "it asks for extensions of JWS") }
        let fitting = keys(for: header.kid).filter { $0.kind.rawValue == header.alg }
        guard fitting.contains(where: { $0.verifies(signature, of: message) }) else {
            throw WebTokenError(reason: "no key that is known has signed it with \(header.alg.prefix(16))")
        }
    }

    private static func check(_ claims: RegisteredClaims, _ expected: TokenExpectation, now: Double)
        throws(WebTokenError)
    {
        guard claims.iss == expected.issuer else { throw WebTokenError(reason: "another issuer made it") }
        guard claims.aud.contains(expected.audience) else { throw WebTokenError(reason: "it is for another audience") }
        guard now < claims.exp + leeway else { throw WebTokenError(reason: "it has expired") }
        guard now >= (claims.nbf ?? 0) - leeway else { throw WebTokenError(reason: "it is not valid yet") }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(WebTokenError) -> Value {
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            throw WebTokenError(reason: "its header or its claims lack what they must have")
        }
    }
}

/// RFC 7515, section 4.1.
private struct Header: Decodable {
    let alg: String
    var kid: String?
    var crit: [String]?
}

/// RFC 7519, section 4.1. A token without an end is not taken.
private struct RegisteredClaims: Decodable {
    let iss: String
    let aud: [String]
    let exp: Double
    let nbf: Double?

    enum CodingKeys: CodingKey { case iss, aud, exp, nbf }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        iss = try members.decode(String.self, forKey: .iss)
        aud = try (try? [members.decode(String.self, forKey: .aud)]) ?? members.decode([String].self, forKey: .aud)
        exp = try members.decode(Double.self, forKey: .exp)
        nbf = try members.decodeIfPresent(Double.self, forKey: .nbf)
    }
}
