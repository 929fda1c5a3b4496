internal import CommandKit
internal import LineProtocol

/// Where this user's logins are kept, as docker keeps them: in `config.json`, or by the helper that it names.
struct LoginStore {
    private let environment: Environment

    init(_ environment: Environment) { self.environment = environment }

    /// The login for `host`; nil when there is none.
    func login(for host: RegistryHost) throws -> RegistryLogin? {
        guard let path = DockerConfiguration.path(environment) else { return nil }
        let file = try DockerConfiguration(at: path)
        if let helper = helper(file, host) { return try helper.login(for: host) }
        return file.login(for: host)
    }

    /// Keeps a login; answers the file that it lies in for everybody who can read that, nil when a helper has it.
    func keep(_ login: RegistryLogin, for host: RegistryHost) throws -> String? {
        var file = try openFile()
        guard let helper = helper(file, host) else {
            // A token takes the place of the password.
            let isToken = login.identityToken != nil
            file.keep(
                isToken ? RegistryLogin(username: login.username, identityToken: login.identityToken) : login, for: host
            )
            try file.save()
            return file.path
        }
        try helper.keep(login, for: host)
        file.keep(RegistryLogin(), for: host)
        try file.save()
        return nil
    }

    /// Removes the login for `host`; false when there is none.
    func forget(_ host: RegistryHost) throws -> Bool {
        var file = try openFile()
        let isKnown = file.forget(host)
        if let helper = helper(file, host) { try helper.forget(host) }
        if isKnown { try file.save() }
        return isKnown
    }

    private func openFile() throws -> DockerConfiguration {
        guard let path = DockerConfiguration.path(environment) else {
            throw CommandFailure("there is no home to keep logins in: set HOME or DOCKER_CONFIG")
        }
        return try DockerConfiguration(at: path)
    }

    private func helper(_ file: DockerConfiguration, _ host: RegistryHost) -> CredentialHelper? {
        file.helper(for: host).map { CredentialHelper(name: $0, environment: environment) }
    }
}

extension Client {
    /// This user's login for the registry of the image that is called `reference`; nil when there is none.
    func login(for reference: String) throws -> RegistryLogin? {
        try RegistryHost(of: reference).flatMap { try LoginStore(environment).login(for: $0) }
    }
}
