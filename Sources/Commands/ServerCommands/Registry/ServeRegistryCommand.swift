internal import ArgumentParser
internal import CommandKit
internal import Logging
internal import RegistryAPI

/// `wherry-registry serve`.
struct ServeRegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Answer clients until told to end.")

    @OptionGroup var place: RegistryPlace

    @Option(help: ArgumentHelp("The address to answer on.", valueName: "host:port"))
    var listen = "127.0.0.1:5000"

    @Flag(help: "Refuse pushes and deletions.")
    var readOnly = false

    @Flag(help: "Refuse deletions.")
    var noDelete = false

    @OptionGroup var security: RegistryTLSOptions

    @OptionGroup var accessOptions: RegistryAccessOptions

    @Option(
        help: ArgumentHelp("How often to remove what nothing refers to; 0 is never.", valueName: "hours"))
    var collectEvery = 24

    @Flag(help: "Let that remove manifests that have no tag, too.")
    var collectUntagged = false

    @Option(
        help: ArgumentHelp("The least level that is logged: debug, info, notice, warning or error.", valueName: "level")
    )
    var logLevel = "info"

    func serving() throws(CommandFailure) -> RegistryServing {
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw CommandFailure("--log-level \"\(logLevel)\": debug, info, notice, warning or error")
        }
        guard collectEvery >= 0 else { throw CommandFailure("--collect-every \(collectEvery): must not be negative") }
        var log = Logger(label: "wherry-registry", factory: LineLog.init)
        log.logLevel = level
        var rules = RegistryRules()
        rules.isReadOnly = readOnly
        rules.allowsDeletion = !noDelete
        return RegistryServing(
            root: place.root, address: try ListenAddress(listen), rules: rules, access: try accessOptions.control(),
            identity: try security.identity(), hoursBetweenCollections: collectEvery,
            collectsUntagged: collectUntagged, log: log)
    }
}

/// `HOST:PORT`, with an IPv6 address in brackets; without a host all addresses.
struct ListenAddress: Hashable, Sendable {
    let host: String
    let port: Int

    init(_ text: String) throws(CommandFailure) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { throw CommandFailure("--listen \"\(text)\": must be HOST:PORT, such as 127.0.0.1:5000") }
        let host = text[..<colon]
        self.port = port
        if host.hasPrefix("["), host.hasSuffix("]") {
            self.host = String(host.dropFirst().dropLast())
        } else {
            self.host = host.isEmpty ? "::" : String(host)
        }
    }
}
