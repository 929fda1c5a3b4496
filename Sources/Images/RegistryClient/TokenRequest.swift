internal import FoundationEssentials
internal import HTTPTransfers

/// A question to a registry's token server: distribution's "Token Authentication Specification", and with a refresh
/// token its "OAuth2 Token Authentication".
struct TokenRequest {
    let realm: TransferURL
    let service: String?
    let scopes: [String]
    let credentials: RegistryCredentials?
    /// Whether a refresh token is wanted, too.
    let wantsIdentity: Bool
    let trust: TransferTrust

    /// Reads the challenge of the registry at `address`. Credentials may only go where nobody can listen: to a realm
    /// without TLS only when the registry itself is reached so, and is the same host.
    init(
        _ challenge: Challenge, from address: RegistryAddress, scopes: [String], credentials: RegistryCredentials?,
        wantsIdentity: Bool = false, subject: String
    ) throws(RegistryClientError) {
        guard let text = challenge.parameters["realm"], let realm = TransferURL(text), !realm.hasCredentials else {
            throw .untrustworthy(subject: subject, reason: "the registry names no token server that could be asked")
        }
        let isHome = TransferURL(address.base)?.host == realm.host
        guard realm.scheme == "https" || (isHome && !address.isEncrypted) else {
            throw .untrustworthy(
                subject: subject, reason: "the registry's token server \(realm.place) would be asked without TLS")
        }
        self.realm = realm
        service = challenge.parameters["service"]
        self.scopes = scopes
        self.credentials = credentials
        self.wantsIdentity = wantsIdentity
        trust = isHome ? address.trust : TransferTrust()
    }

    private static let clientID = "wherry"

    var request: TransferRequest {
        guard let token = credentials?.identityToken else {
            let identity = wantsIdentity ? [("offline_token", "true"), ("client_id", Self.clientID)] : []
            let query = [("service", service)] + scopes.map { ("scope", $0) } + [("account", account)] + identity
            let separator = realm.description.contains("?") ? "&" : "?"
            let fields = credentials?.basic.map { [HeaderField("Authorization", $0)] } ?? []
            return TransferRequest(
                .get, realm.description + separator + Self.form(query), fields: fields, trust: trust)
        }
        let form = Self.form([
            ("grant_type", "refresh_token"), ("service", service), ("scope", scopes.joined(separator: " ")),
            ("client_id", Self.clientID),
            ("refresh_token", token),
        ])
        return TransferRequest(
            .post, realm.description,
            fields: [HeaderField("Content-Type", "application/x-www-form-urlencoded")], body: .bytes(Array(form.utf8)),
            trust: trust)
    }

    private var account: String? {
        credentials.flatMap { $0.username.isEmpty ? nil : $0.username }
    }

    private static func form(_ members: [(String, String?)]) -> String {
        members.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }.joined(separator: "&")
    }
}

/// All but RFC 3986's unreserved characters as `%XX`.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { result, byte in
        let character = Character(Unicode.Scalar(byte))
        if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
            result.append(character)
        } else {
            result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }
}

/// What a token server gives.
struct Token: Hashable, Sendable {
    let value: String
    let expires: ContinuousClock.Instant
    /// A refresh token, where one was asked for and given.
    let identity: String?

    /// Tokens say how long they last; 60 seconds when they do not. They are used until shortly before.
    init?(parsing bytes: [UInt8], now: ContinuousClock.Instant) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)),
            let value = answer.token ?? answer.accessToken, !value.isEmpty
        else { return nil }
        self.value = value
        identity = answer.refreshToken.flatMap { $0.isEmpty ? nil : $0 }
        expires = now + .seconds(max(1, min(answer.expiresIn ?? 60, 86_400) - 10))
    }

    private struct Answer: Decodable {
        var token: String?
        var accessToken: String?
        var refreshToken: String?
        var expiresIn: Int?

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
            case expiresIn = "expires_in"
        }
    }
}
