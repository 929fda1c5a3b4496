public import LinuxKernel

/// A program to run, and how: a value that can be changed before it is started.
public struct Command {
    /// What the program reads.
    public enum Input {
        case nothing
        case text(String)
        case file(String)
        /// A pipe that the test writes into: see ``RunningProgram/send(_:)``.
        case open
    }

    /// Where the program writes.
    public enum Output {
        /// Read by the harness to its end, or to the program's.
        case captured
        /// A file for both streams; for programs that leave others behind, which keep writing.
        case file(String)
    }

    public var program: String
    public var arguments: [String]
    public var environment: [String] = Command.plainEnvironment
    public var directory: String?
    public var input = Input.nothing
    public var output = Output.captured
    /// Descriptors from 3 on that the program gets.
    public var passed: [Descriptor] = []
    /// Seconds before it counts as hanging, is killed, and the test fails.
    public var deadline: Double = 30

    public init(_ program: String, _ arguments: [String] = []) {
        self.program = program
        self.arguments = arguments
    }

    public static let plainEnvironment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "TERM=xterm",
    ]

    /// Runs it to its end. Throws if it cannot be started or does not end in time; its status is the caller's matter.
    public func run() throws -> Outcome { try start().wait(within: deadline) }

    /// Runs it and throws, with what it wrote, if it fails: for steps that are not what is being tested.
    @discardableResult
    public func succeed() throws -> String {
        let outcome = try run()
        guard outcome.status == 0 else { throw HarnessError("\(self): \(outcome)") }
        return outcome.output
    }

    public func start() throws -> RunningProgram {
        Orphans.adopt()
        return try RunningProgram(self)
    }

    /// Starts it on a terminal of its own, which is its controlling terminal: its output is what the terminal shows.
    public func startOnTerminal(_ size: TerminalSize = TerminalSize(columns: 80, rows: 24)) throws -> RunningProgram {
        Orphans.adopt()
        return try RunningProgram(self, terminal: size)
    }
}

extension Command: CustomStringConvertible {
    public var description: String { ([program] + arguments).joined(separator: " ") }
}

/// How a program ended, and what it wrote.
public struct Outcome: Hashable, Sendable, CustomStringConvertible {
    /// As a shell has it: the exit status, or 128 plus the signal's number.
    public let status: Int32
    public let outputBytes: [UInt8]
    public let errorBytes: [UInt8]

    public var output: String { String(decoding: outputBytes, as: UTF8.self) }
    public var errors: String { String(decoding: errorBytes, as: UTF8.self) }
    /// The output's lines, without an empty last one.
    public var lines: [String] { output.split(separator: "\n").map(String.init) }

    public var description: String {
        "status \(status)" + (output.isEmpty ? "" : "\noutput: \(output)")
            + (errors.isEmpty ? "" : "\nerrors: \(errors)")
    }
}

extension Command {
    /// This command with changes: `Command("cat").changed { $0.input = .open }`.
    public func changed(_ change: (inout Command) -> Void) -> Command {
        var command = self
        change(&command)
        return command
    }
}
