public import ArgumentParser
internal import CommandKit

/// `wherry-registry`: an OCI distribution registry.
public struct WherryRegistry: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "wherry-registry", abstract: "Keep images and other artifacts for those who pull and push.",
        version: "wherry-registry version \(ServerVersion.current)",
        subcommands: [ServeRegistryCommand.self, CollectGarbageCommand.self])

    public init() {}

    /// Runs the program with these arguments, without its own name; returns the exit code.
    public static func run(_ arguments: [String]) async -> Int32 {
        let program = CommandLineProgram(named: "wherry-registry", usageExitCode: ExitCodes.failure)
        var server: RegistryServing?
        let code = program.run(WherryRegistry.self, arguments) { command in
            guard let command = command as? ServeRegistryCommand else {
                return try CommandLineProgram.runCommand(command)
            }
            server = try command.serving()
            return ExitCodes.success
        }
        guard let server else { return code }
        do { try await server.run() } catch {
            return program.report(CommandFailure("\(error)"), of: WherryRegistry.self)
        }
        return code
    }
}

/// Where a registry is.
struct RegistryPlace: ParsableArguments {
    @Option(help: ArgumentHelp("Where repositories and blobs are kept.", valueName: "dir"))
    var root = "/var/lib/wherry-registry"
}
