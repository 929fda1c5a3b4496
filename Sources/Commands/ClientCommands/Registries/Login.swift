internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Login: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Prove who you are to a registry, and keep the login.")

    @Option(
        name: [.customShort("u", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("User name.", valueName: "name"))
    var username: String?

    @Option(
        name: [.customShort("p", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Password. Others on this machine may see it.", valueName: "password"))
    var password: String?

    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input.")
    var readsPassword = false

    @Argument(help: ArgumentHelp("Registry. (default: docker.io)", valueName: "host[:port]"))
    var registry: String?

    func execute(_ client: Client) throws -> Int32 {
        let host = registry.map { RegistryHost($0) } ?? .standard
        let store = LoginStore(client.environment)
        if username == nil, password == nil, !readsPassword, let known = try store.login(for: host),
            try isAccepted(known, host, client)
        {
            try client.print("Login Succeeded")
            return ExitCodes.success
        }
        let login = try ask(client)
        let answer = try client.call(RegistryProve.self, RegistryProve.Parameters(registry: host.domain, login: login))
        var kept = login
        kept.identityToken = answer.identityToken
        if let path = try store.keep(kept, for: host) {
            client.warn("WARNING! Your login lies unencrypted in \(path): a credential helper would keep it safe")
        }
        try client.print("Login Succeeded")
        return ExitCodes.success
    }

    /// Tries the login that is kept already; one that the registry does not take any more is asked for anew.
    private func isAccepted(_ login: RegistryLogin, _ host: RegistryHost, _ client: Client) throws -> Bool {
        client.warn("Authenticating with existing credentials...")
        do {
            _ = try client.call(RegistryProve.self, RegistryProve.Parameters(registry: host.domain, login: login))
            return true
        } catch let failure as ProtocolFailure where failure.kind == .unauthorized {
            client.complain(failure)
            return false
        }
    }

    // MARK: Who it is

    private func ask(_ client: Client) throws -> RegistryLogin {
        if readsPassword {
            guard password == nil else { throw refusal("--password and --password-stdin exclude each other") }
            guard let username else { throw refusal("--password-stdin needs --username") }
            return try login(username, Self.withoutNewline(try client.input.readAll(limit: 1 << 20)))
        }
        if password != nil {
            client.warn("WARNING! Others may see a password of the command line: use --password-stdin")
        }
        if let username, let password { return try login(username, password) }
        guard client.input.isTerminal else {
            throw refusal("standard input is no terminal to ask for a password: use --username and --password-stdin")
        }
        let prompt = TerminalPrompt(client.input, client.errors)
        let name = try username ?? prompt.line("Username: ")
        return try login(name, try password ?? prompt.secret("Password: "))
    }

    private func login(_ username: String, _ password: String) throws -> RegistryLogin {
        guard !username.isEmpty, !password.isEmpty else { throw refusal("a user name and a password are needed") }
        return RegistryLogin(username: username, password: password)
    }

    private static func withoutNewline(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.last?.isNewline == true ? String(text.dropLast()) : text
    }
}
