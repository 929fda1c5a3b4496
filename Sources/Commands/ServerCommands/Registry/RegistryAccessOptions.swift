internal import ArgumentParser
internal import CommandKit
internal import RegistryAPI

/// Who gets in: everybody, those of a password file, or those with a token.
struct RegistryAccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Let in only whom this file of htpasswd -B names.", valueName: "file"))
    var htpasswd: String?

    @Flag(help: "With --htpasswd: let anybody read.")
    var anonymousPull = false

    @Option(help: ArgumentHelp("Let in only who has a token; this URL gives them.", valueName: "url"))
    var tokenRealm: String?

    @Option(help: ArgumentHelp("This registry's name there: the audience of its tokens.", valueName: "name"))
    var tokenService: String?

    @Option(help: ArgumentHelp("The name of who makes the tokens.", valueName: "name"))
    var tokenIssuer: String?

    @Option(
        help: ArgumentHelp(
            "The keys that tokens are signed with: certificates or public keys in PEM, or a JWKS.", valueName: "file"))
    var tokenKeys: String?

    func control() throws(CommandFailure) -> AccessControl {
        guard !anonymousPull || htpasswd != nil else {
            throw CommandFailure("--anonymous-pull means nothing without --htpasswd")
        }
        guard let (policy, keys) = try tokens() else {
            guard let htpasswd else { return .everybody }
            do { return .passwords(try PasswordFile(path: htpasswd), allowsAnonymousPulls: anonymousPull) } catch {
                throw CommandFailure("--htpasswd: \(error)")
            }
        }
        guard htpasswd == nil else { throw CommandFailure("--htpasswd and --token-realm: choose one of them") }
        do { return .tokens(policy, try TokenKeyFile(path: keys)) } catch {
            throw CommandFailure("--token-keys: \(error)")
        }
    }

    private func tokens() throws(CommandFailure) -> (TokenPolicy, keys: String)? {
        let all = [tokenRealm, tokenService, tokenIssuer, tokenKeys]
        guard all.contains(where: { $0 != nil }) else { return nil }
        guard let tokenRealm, let tokenService, let tokenIssuer, let tokenKeys else {
            throw CommandFailure("--token-realm, --token-service, --token-issuer and --token-keys go together")
        }
        guard tokenRealm.hasPrefix("https://") || tokenRealm.hasPrefix("http://"),
            let policy = TokenPolicy(realm: tokenRealm, service: tokenService, issuer: tokenIssuer)
        else {
            throw CommandFailure(
                "--token-realm must be a URL, and --token-service a name, without spaces, quotes and backslashes")
        }
        return (policy, tokenKeys)
    }
}
