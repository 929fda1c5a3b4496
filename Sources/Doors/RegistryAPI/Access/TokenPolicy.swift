internal import FoundationEssentials
internal import WebTokens

/// Who makes tokens for this registry, and where clients get them: distribution's "Token Authentication
/// Specification".
public struct TokenPolicy: Hashable, Sendable {
    /// The URL that gives tokens.
    public let realm: String
    /// This registry's name there: the audience that its tokens have.
    public let service: String
    /// The name of who makes them.
    public let issuer: String

    /// Nil when one of them has a character that has no place in a header.
    public init?(realm: String, service: String, issuer: String) {
        let isPlain = [realm, service].allSatisfy { text in
            text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
        }
        guard isPlain else { return nil }
        self.realm = realm
        self.service = service
        self.issuer = issuer
    }

    enum Verdict: Hashable, Sendable {
        case allowed
        /// With the challenge that tells the client which token it needs: RFC 6750, section 3.
        case refused(challenge: String, reason: String)
    }

    /// Whether a request with this `Authorization` may do what needs `required`.
    func judge(authorization: String?, required: [AccessScope], keys: KeySet, now: Double) -> Verdict {
        guard let token = Self.bearer(authorization) else { return refused(required, nil, "get a token first") }
        let granted: [AccessScope]
        do throws(WebTokenError) {
            let expected = TokenExpectation(issuer: issuer, audience: service)
            granted = Self.access(try keys.claims(of: token, expected, now: now))
        } catch { return refused(required, "invalid_token", "the token is not taken: \(error)") }
        if let missing = required.first(where: { !$0.isAllowed(by: granted) }) {
            return refused(required, "insufficient_scope", "the token does not allow \(missing)")
        }
        return .allowed
    }

    private func refused(_ required: [AccessScope], _ error: String?, _ reason: String) -> Verdict {
        var challenge = "Bearer realm=\"\(realm)\",service=\"\(service)\""
        if !required.isEmpty {
            challenge += ",scope=\"\(required.map(\.description).joined(separator: " "))\""
        }
        if let error { challenge += ",error=\"\(error)\"" }
        return .refused(challenge: challenge, reason: reason)
    }

    private static func bearer(_ authorization: String?) -> Substring? {
        guard let authorization, authorization.prefix(7).lowercased() == "bearer " else { return nil }
        return authorization.dropFirst(7)
    }

    /// The `access` claim; what cannot be read allows nothing.
    private static func access(_ claims: [UInt8]) -> [AccessScope] {
        (try? JSONDecoder().decode(AccessClaim.self, from: Data(claims)))?.access ?? []
    }
}

private struct AccessClaim: Decodable { let access: [AccessScope]? }

/// A file of keys that tokens are signed with.
public final class TokenKeyFile: Sendable {
    private let file: RereadFile<KeySet>

    /// Reads the file at once, so that a server does not start with one that it cannot read.
    public init(path: String) throws(AccessFileError) {
        file = try RereadFile(path: path) { bytes throws(AccessFileError) in
            do { return try KeySet(parsing: bytes) } catch { throw AccessFileError(reason: "\(path): \(error)") }
        }
    }

    /// The keys that the file has now. Blocks.
    var keys: KeySet { file.content }
}
