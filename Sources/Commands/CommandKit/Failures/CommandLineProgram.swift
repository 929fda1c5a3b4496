public import ArgumentParser
public import LinuxKernel

/// Runs a program's command: parses its arguments, performs it, and tells of its failure in one line.
///
/// ArgumentParser's own `main()` is not used: it prints usage behind every mistake and exits with 64.
public struct CommandLineProgram {
    public let name: String
    /// Of a command line that cannot be understood.
    public let usageExitCode: Int32
    public let output: Descriptor
    public let errors: Descriptor

    public init(
        named name: String, usageExitCode: Int32, output: Descriptor = .standardOutput,
        errors: Descriptor = .standardError
    ) {
        self.name = name
        self.usageExitCode = usageExitCode
        self.output = output
        self.errors = errors
    }

    /// Parses `arguments`, without the program's name, and gives the command to `perform`, which returns the exit code.
    public func run(
        _ root: (some ParsableCommand).Type, _ arguments: [String],
        perform: (any ParsableCommand) throws -> Int32 = Self.runCommand
    ) -> Int32 {
        var command: any ParsableCommand
        do { command = try root.parseAsRoot(arguments) } catch { return report(error, of: root) }
        do { return try perform(command) } catch { return report(error, of: type(of: command)) }
    }

    /// Calls the command's own `run()`.
    public static func runCommand(_ command: any ParsableCommand) throws -> Int32 {
        var command = command
        try command.run()
        return ExitCodes.success
    }

    /// Says what went wrong in one line, or prints the help that was asked for; returns the exit code.
    public func report(_ error: any Error, of command: any ParsableCommand.Type) -> Int32 {
        switch error {
        case let failure as CommandFailure: return complain(failure.message, failure.exitCode)
        case let code as ArgumentParser.ExitCode: return code.rawValue
        case let error as SystemError: return complain(error.description, ExitCodes.failure)
        default: break
        }
        if command.exitCode(for: error) == .success {
            try? output.writeAll(command.fullMessage(for: error) + "\n")
            return ExitCodes.success
        }
        return complain(Self.usageSentence(command.message(for: error)), usageExitCode)
    }

    private func complain(_ message: String, _ exitCode: Int32) -> Int32 {
        if !message.isEmpty { try? errors.writeAll("\(name): \(message)\n") }
        return exitCode
    }

    /// ArgumentParser's message as part of a sentence of ours: its first line, without a capital or a full stop.
    static func usageSentence(_ message: String) -> String {
        let line = message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? message
        let words = line.prefix(1).lowercased() + line.dropFirst()
        return words.hasSuffix(".") ? String(words.dropLast()) : words
    }
}
