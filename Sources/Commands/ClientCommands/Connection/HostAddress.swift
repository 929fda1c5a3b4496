internal import CommandKit
internal import LinuxKernel

/// Where the supervisor is: `--host`, `WHERRY_HOST`, or this machine's own.
struct HostAddress: Hashable, Sendable, CustomStringConvertible {
    static let standardPath = "/run/wherry/wherryd.sock"
    static let variable = "WHERRY_HOST"

    /// Of a socket of unix(7).
    let path: String

    init(path: String) { self.path = path }

    /// Reads `unix://PATH`. Other schemes are named in the refusal, so that nobody takes them for a typing mistake.
    init(_ text: String) throws(CommandFailure) {
        let scheme = text.prefix { $0 != ":" }
        guard text.hasPrefix("\(scheme)://") else {
            throw Self.refusal(text, "it must be unix://PATH")
        }
        switch scheme {
        case "unix":
            path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/") else { throw Self.refusal(text, "the socket's path must begin with /") }
        case "ssh", "tcp": throw Self.refusal(text, "\(scheme):// is not supported yet, only unix://PATH")
        default: throw Self.refusal(text, "\(scheme):// is not known, only unix://PATH")
        }
    }

    private static func refusal(_ text: String, _ reason: String) -> CommandFailure {
        CommandFailure("cannot use host \(text): \(reason)", exitCode: ExitCodes.notRun)
    }

    /// The address for these arguments and variables: the flag, then the variable, then this user's own supervisor if
    /// there is one, then the machine's.
    static func choose(flag: String?, environment: Environment, user: UInt32) throws(CommandFailure) -> HostAddress {
        if let text = flag ?? environment[variable], !text.isEmpty { return try HostAddress(text) }
        if user != 0, let directory = environment["XDG_RUNTIME_DIR"], !directory.isEmpty {
            let path = directory + "/wherry/wherryd.sock"
            if (try? Descriptor.workingDirectory.exists(path)) == true { return HostAddress(path: path) }
        }
        return HostAddress(path: standardPath)
    }

    var description: String { "unix://\(path)" }
}
