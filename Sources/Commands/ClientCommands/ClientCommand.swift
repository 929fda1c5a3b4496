internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

/// A command of the client: flags become a request, and its answer becomes text.
protocol ClientCommand: ParsableCommand {
    /// Whether the exit code is that of a process in a container.
    static var role: ExitCodes.Role { get }

    /// Does what the command is for; returns the exit code.
    func execute(_ client: Client) throws -> Int32
}

extension ClientCommand {
    static var role: ExitCodes.Role { .manages }

    /// Does the command, and turns what went wrong on the way into a line and an exit code.
    func perform(_ client: Client) throws -> Int32 {
        do { return try execute(client) } catch let failure as ProtocolFailure {
            throw CommandFailure(failure.message, exitCode: ExitCodes.code(for: failure.cause, in: Self.role))
        } catch let failure as ConnectionFailure {
            throw CommandFailure(failure.description, exitCode: ExitCodes.code(for: .other, in: Self.role))
        } catch let error as TemplateError {
            throw CommandFailure(
                error.description, exitCode: error.isSyntactic ? ExitCodes.template : ExitCodes.failure)
        }
    }
}

extension ProtocolFailure {
    /// As far as exit codes tell failures apart.
    var cause: ExitCodes.Cause {
        switch kind {
        case .executableNotFound: .executableNotFound
        case .permissionDenied: .notExecutable
        case .runtimeFailed, .shimFailed: .notStarted
        default: .other
        }
    }
}

/// What the arguments ask for cannot be done, whatever the supervisor says.
func refusal(_ message: String) -> CommandFailure { CommandFailure(message, exitCode: ExitCodes.notRun) }
