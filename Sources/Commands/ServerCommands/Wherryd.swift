public import ArgumentParser
internal import CommandKit
internal import Engine
internal import LinuxKernel
internal import Logging

/// `wherryd`: the supervisor.
public struct Wherryd: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "wherryd", abstract: "Keep images and containers, and answer on the line protocol.",
        version: "wherryd version \(ServerVersion.current)", subcommands: [ProtocolCommand.self])

    @OptionGroup var options: ServerOptions

    public init() {}
}

extension Wherryd {
    /// Runs the program with these arguments, without its own name; returns the exit code.
    public static func run(_ arguments: [String]) async -> Int32 {
        let program = CommandLineProgram(named: "wherryd", usageExitCode: ExitCodes.failure)
        var serve: Serve?
        let code = program.run(Wherryd.self, arguments) { command in
            guard let command = command as? Wherryd else { return try CommandLineProgram.runCommand(command) }
            serve = try command.options.serve()
            return ExitCodes.success
        }
        guard let serve else { return code }
        do { try await serve.run() } catch {
            return program.report(CommandFailure("\(error)"), of: Wherryd.self)
        }
        return code
    }
}

extension ServerOptions {
    private var registries: RegistryConfiguration {
        RegistryConfiguration(
            insecure: insecureRegistry, mirrors: registryMirror,
            certificateDirectories: certsDir.map { [$0] } ?? ["/etc/wherry/certs.d", "/etc/docker/certs.d"])
    }

    fileprivate func serve() throws -> Serve {
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw CommandFailure("--log-level \"\(logLevel)\": trace, debug, info, notice, warning, error or critical")
        }
        let paths = try ServerPaths(
            self, isRoot: ThisProcess.effectiveUser == 0, executable: try ThisProcess.executablePath(),
            directory: try ThisProcess.workingDirectory(), variable: ThisProcess.variable)
        var log = Logger(label: "wherryd", factory: LineLog.init)
        log.logLevel = debug ? min(level, .debug) : level
        return Serve(paths: paths, registries: registries, log: log)
    }
}
