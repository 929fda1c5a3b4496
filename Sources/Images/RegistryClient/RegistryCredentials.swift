internal import FoundationEssentials

/// Who asks: what `docker login` keeps for a registry.
public struct RegistryCredentials: Hashable, Sendable {
    public var username: String
    public var password: String
    /// A refresh token, with which the registry's token server gives others (OAuth2).
    public var identityToken: String?
    /// A bearer token that is used as it is.
    public var registryToken: String?

    public init(
        username: String = "", password: String = "", identityToken: String? = nil, registryToken: String? = nil
    ) {
        self.username = username
        self.password = password
        self.identityToken = identityToken
        self.registryToken = registryToken
    }

    /// RFC 7617; nil without a name.
    var basic: String? {
        username.isEmpty ? nil : "Basic " + Data("\(username):\(password)".utf8).base64EncodedString()
    }
}
