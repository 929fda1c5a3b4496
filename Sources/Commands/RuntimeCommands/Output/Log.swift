internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

/// Messages, in the two forms that runc's log has; what reads runc's log reads this.
struct Log: Sendable {
    private let errors: Descriptor
    private let file: Descriptor?
    private let isJSON: Bool
    private let isDebugging: Bool

    init(errors: Descriptor) {
        self.errors = errors
        file = nil
        isJSON = false
        isDebugging = false
    }

    init(_ global: FlagValues, errors: Descriptor) throws {
        self.errors = errors
        isDebugging = global.isSet("debug")
        switch global.text("log-format") ?? "text" {
        case "text": isJSON = false
        case "json": isJSON = true
        case let other: throw UsageError("invalid log-format: \(other): it is text or json")
        }
        file = try global.text("log").map { path in
            try Descriptor.workingDirectory.open(path, [.writeOnly, .create, .append], mode: 0o644).release()
        }
    }

    /// Tells of a failure in one line, in the log and on standard error; returns the exit code.
    func report(_ error: any Error) -> Int32 {
        let failure = CommandFailure(error)
        write(level: "error", failure.message, kind: failure.kind)
        if file != nil { try? errors.writeAll(failure.message + "\n") }
        return failure.exitCode
    }

    /// Tells of what went wrong without making a command fail.
    func warn(_ message: String) { write(level: "warning", message, kind: "warning") }

    /// Tells what is being done.
    private func debug(_ message: String) { write(level: "debug", message, kind: "debug") }

    var ofEngine: RuntimeLog {
        let tell = { @Sendable line in debug(line) }
        return RuntimeLog(warn: { warn($0) }, tell: isDebugging ? tell : nil, file: file)
    }

    private func write(level: String, _ message: String, kind: String) {
        let line = isJSON ? json(level, message, kind) : text(level, message)
        try? (file ?? errors).writeAll(line + "\n")
    }

    /// `kind` is ours: a program can act on it without reading the message.
    private func json(_ level: String, _ message: String, _ kind: String) -> String {
        JSONValue.object([
            ("kind", .string(kind)), ("level", .string(level)), ("msg", .string(message)), ("time", .string(Self.time)),
        ]).line
    }

    private func text(_ level: String, _ message: String) -> String {
        "time=\"\(Self.time)\" level=\(level) msg=\(JSONValue.string(message).line)"
    }

    private static var time: String { String(Timestamp.now.description.prefix(19)) + "Z" }
}

/// A failure as it is told: a line, a word for programs, and an exit code.
struct CommandFailure: Error {
    let message: String
    let kind: String
    let exitCode: Int32

    init(_ message: String, kind: String = "system", exitCode: Int32 = 1) {
        self.message = message
        self.kind = kind
        self.exitCode = exitCode
    }

    init(_ error: any Error, exitCode: Int32 = 1) {
        switch error {
        case let failure as CommandFailure:
            self.init(failure.message, kind: failure.kind, exitCode: max(failure.exitCode, exitCode))
        case let error as RuntimeError: self.init(error.message, kind: error.kind.rawValue, exitCode: exitCode)
        case let error as UsageError: self.init(error.description, kind: "usage", exitCode: exitCode)
        default: self.init("\(error)", exitCode: exitCode)
        }
    }

    /// The same with what was being done before it.
    func preceded(by doing: String) -> CommandFailure {
        CommandFailure("\(doing): \(message)", kind: kind, exitCode: exitCode)
    }
}

/// Runs `body`; a failure begins with `doing` and has this exit code.
func telling<Result>(_ doing: String, exitCode: Int32 = 1, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw CommandFailure(error, exitCode: exitCode).preceded(by: doing) }
}
