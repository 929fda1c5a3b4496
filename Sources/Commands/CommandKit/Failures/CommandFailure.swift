/// Why a command cannot go on: one line for the user, which names the thing and says what to do, and the exit code.
public struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    public let exitCode: Int32

    public init(_ message: String, exitCode: Int32 = ExitCodes.failure) {
        self.message = message
        self.exitCode = exitCode
    }

    public var description: String { message }
}
