internal import ArgumentParser
internal import CommandKit

struct Logout: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forget the login for a registry.")

    @Argument(help: ArgumentHelp("Registry. (default: docker.io)", valueName: "host[:port]"))
    var registry: String?

    func execute(_ client: Client) throws -> Int32 {
        let host = registry.map { RegistryHost($0) } ?? .standard
        if try LoginStore(client.environment).forget(host) {
            try client.print("Removing login credentials for \(host.key)")
        } else {
            try client.print("Not logged in to \(host.key)")
        }
        return ExitCodes.success
    }
}
