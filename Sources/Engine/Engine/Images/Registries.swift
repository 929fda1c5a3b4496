internal import ImageSpec
public import LineProtocol
internal import RegistryClient

extension Images {
    /// Asks a registry whether it knows a user.
    public func prove(_ login: RegistryLogin, to registry: String) async throws(ProtocolFailure) -> RegistryProve.Result
    {
        do throws(RegistryClientError) {
            return RegistryProve.Result(identityToken: try await session(registry, login).logIn())
        } catch {
            switch error {
            case .unauthorized(_, let reason):
                throw ProtocolFailure(
                    .unauthorized, "\(registry): login refused: \(reason): check the user name and the password")
            case .notFound:
                throw ProtocolFailure(.registryFailed, "\(registry): no registry answers there: check the name")
            default: throw ProtocolFailure(error)
            }
        }
    }

    /// A conversation with a registry on behalf of whoever `login` names.
    func session(_ domain: String, _ login: RegistryLogin?) -> RegistrySession {
        RegistrySession(services.registries, domain: domain, credentials: login.map(RegistryCredentials.init))
    }
}

extension RegistryCredentials {
    init(_ login: RegistryLogin) {
        self.init(
            username: login.username ?? "", password: login.password ?? "", identityToken: login.identityToken,
            registryToken: login.registryToken)
    }
}
