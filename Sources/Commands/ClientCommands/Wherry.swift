public import ArgumentParser
internal import CommandKit
internal import LinuxKernel

/// `wherry`: the commands there are, and the options that stand before them.
public struct Wherry: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "wherry", abstract: "Run and manage containers.",
        version: "Wherry version \(ClientVersion.current)",
        groupedSubcommands: [
            CommandGroup(
                name: "Containers:",
                subcommands: [
                    Run.self, Exec.self, Ps.self, Logs.self, Attach.self, Create.self, Start.self, Stop.self,
                    Kill.self, Update.self, Restart.self, Pause.self, Unpause.self, Rename.self, Top.self, Stats.self,
                    Wait.self, Rm.self, Diff.self, Export.self, Commit.self,
                ]),
            CommandGroup(
                name: "Images:",
                subcommands: [
                    Images.self, Pull.self, Push.self, Tag.self, Load.self, Save.self, Import.self, HistoryCommand.self,
                    Rmi.self,
                ]),
            CommandGroup(name: "Registries:", subcommands: [Login.self, Logout.self]),
            CommandGroup(
                name: "System:",
                subcommands: [Inspect.self, EventsCommand.self, Info.self, Version.self, Completion.self]),
            CommandGroup(name: "By thing:", subcommands: [ContainerGroup.self, ImageGroup.self, SystemGroup.self]),
        ], helpNames: [.customLong("help")])

    @Option(
        name: [.customShort("H", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp(
            "Where the supervisor is: unix://PATH. (default: $WHERRY_HOST, then \(HostAddress.standardPath))",
            valueName: "host"))
    var host: String?

    public init() {}
}

extension Wherry {
    /// Runs the program with these arguments, without its own name; returns the exit code.
    public static func run(_ arguments: [String]) -> Int32 {
        ThisProcess.fillStandardDescriptors()
        let environment = Environment(ThisProcess.environment)
        let client = Client(environment: environment) {
            let address = try HostAddress.choose(
                flag: hostFlag(arguments), environment: environment, user: ThisProcess.effectiveUser)
            return try Supervisor(connectingTo: address)
        }
        return run(arguments, client)
    }

    /// Runs the program in a world of the caller's.
    static func run(_ arguments: [String], _ client: Client) -> Int32 {
        let program = CommandLineProgram(
            named: "wherry", usageExitCode: ExitCodes.notRun, output: client.output, errors: client.errors)
        let (arguments, name) = FlagConventions.rewrite(arguments)
        do { try name.map(refuseUnknown) } catch { return program.report(error, of: Wherry.self) }
        return program.run(Wherry.self, arguments) { command in
            if let command = command as? any ClientCommand { return try command.perform(client) }
            if command is Wherry || command is any CommandGroupHead {
                throw CleanExit.message(helpMessage(for: type(of: command)))
            }
            return try CommandLineProgram.runCommand(command)
        }
    }

    private static func refuseUnknown(_ command: String) throws(CommandFailure) {
        let known = configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases }
        guard known.contains(command) || command == "help" else {
            throw CommandFailure("'\(command)' is not a command of wherry; see: wherry --help")
        }
    }

    /// The value of `--host`, which stands before the command; the last one counts.
    static func hostFlag(_ arguments: [String]) -> String? {
        var host: String?
        var rest = arguments[...]
        while let word = rest.popFirst(), word.hasPrefix("-") {
            switch word {
            case "-H", "--host": host = rest.popFirst()
            case _ where word.hasPrefix("--host="): host = String(word.dropFirst("--host=".count))
            case _ where word.hasPrefix("-H"): host = String(word.dropFirst(2))
            default: break
            }
        }
        return host
    }
}
