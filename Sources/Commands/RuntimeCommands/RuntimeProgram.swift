public import LinuxKernel
internal import RuntimeEngine

/// The program `wherry-runtime`: runc's command line over ``RuntimeRoot``.
public enum RuntimeProgram {
    public static let version = "0.1.0"

    static let commands: [Command] = [
        .checkpoint, .create, .delete, .events, .exec, .kill, .list, .pause, .ps, .restore, .resume, .run, .spec,
        .start, .state, .update, .features,
    ]

    /// Does what `arguments`, with the program's own name first, ask for. Returns the exit code.
    public static func run(
        _ arguments: [String], output: Descriptor = .standardOutput, errors: Descriptor = .standardError
    ) -> Int32 {
        let program = arguments.first?.split(separator: "/").last.map(String.init) ?? "wherry-runtime"
        var scanner = ArgumentScanner(Array(arguments.dropFirst()))
        var log = Log(errors: errors)
        do {
            var (global, name) = try scanner.globalPart(GlobalFlags.all + [Help.help, Help.version])
            if global.isSet("version") { return try show(Help.version(program: program), output) }
            guard let name, name != "help", name != "h" else {
                return try show(Help.text(program: program, commands: commands, flags: GlobalFlags.all), output)
            }
            guard let command = commands.first(where: { $0.name == name }) else {
                throw UsageError("No help topic for '\(name)'")
            }
            let (flags, words) = try scanner.commandPart(
                command.withHelp, globalFlags: GlobalFlags.all, global: &global)
            if flags.isSet("help") || global.isSet("help") {
                return try show(Help.text(program: program, command: command), output)
            }
            log = try Log(global, errors: errors)
            try checkCount(of: words, command, program)
            let invocation = Invocation(program: program, log: log, global: global, flags: flags, arguments: words)
            return try command.perform(invocation)
        } catch {
            return log.report(error)
        }
    }

    private static func show(_ text: String, _ output: Descriptor) throws -> Int32 {
        try output.writeAll(text)
        return 0
    }

    private static func checkCount(of words: [String], _ command: Command, _ program: String) throws {
        if command.count.contains(words.count) { return }
        let (least, most) = (command.count.lowerBound, command.count.upperBound)
        let wanted =
            least == most
            ? "exactly \(least)" : "a \(words.count < least ? "minimum of \(least)" : "maximum of \(most)")"
        throw UsageError("\(program): \"\(command.name)\" requires \(wanted) argument(s)")
    }
}

extension Command {
    fileprivate var withHelp: Command {
        Command(
            name, summary, arguments: arguments, flags: flags + [Help.help], count: count, literalAfter: literalAfter,
            perform: perform)
    }
}
