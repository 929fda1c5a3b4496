internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

/// `--detach-keys` and `--sig-proxy`, of every command that takes part in a process's streams.
struct StreamOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Keys that detach from the terminal.", valueName: "keys"))
    var detachKeys: String?

    func keys() throws(CommandFailure) -> DetachKeys {
        guard let detachKeys, !detachKeys.isEmpty else { return .standard }
        return try DetachKeys(detachKeys)
    }
}

/// `-a stdin`, `-a stdout`, `-a stderr`
enum AttachArguments {
    /// The streams that are named; without names those that docker chooses.
    static func request(_ names: [String], interactive: Bool) throws(CommandFailure) -> AttachRequest {
        if names.isEmpty { return AttachRequest(standardInput: interactive) }
        var request = AttachRequest(standardInput: false, standardOutput: false, standardError: false)
        for name in names {
            switch name.lowercased() {
            case "stdin": request.standardInput = true
            case "stdout": request.standardOutput = true
            case "stderr": request.standardError = true
            default: throw refusal("cannot attach to '\(name)': the streams are stdin, stdout and stderr")
            }
        }
        return request
    }
}
