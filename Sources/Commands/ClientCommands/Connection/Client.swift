internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// What a command needs of the world: its streams, its variables, and the way to the supervisor.
final class Client {
    let input: Descriptor
    let output: Descriptor
    let errors: Descriptor
    let environment: Environment
    private let connector: () throws -> Supervisor
    private var connection: Supervisor?

    init(
        input: Descriptor = .standardInput, output: Descriptor = .standardOutput, errors: Descriptor = .standardError,
        environment: Environment, connector: @escaping () throws -> Supervisor
    ) {
        self.input = input
        self.output = output
        self.errors = errors
        self.environment = environment
        self.connector = connector
    }

    /// The connection, made when it is first needed.
    func supervisor() throws -> Supervisor {
        if let connection { return connection }
        return try reconnect()
    }

    /// A new connection in place of one that was lost.
    func reconnect() throws -> Supervisor {
        connection = nil
        let made = try connector()
        connection = made
        return made
    }

    func call<Method: LineMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters, passing descriptors: [Descriptor] = []
    ) throws -> Method.Result {
        try supervisor().call(method, parameters, passing: descriptors)
    }

    // MARK: Output

    func print(_ text: String, terminator: String = "\n") throws { try write(Array((text + terminator).utf8)) }

    func write(_ bytes: [UInt8]) throws { try Self.write(bytes, to: output, "standard output") }
    func writeError(_ bytes: [UInt8]) throws { try Self.write(bytes, to: errors, "standard error") }

    private static func write(_ bytes: [UInt8], to descriptor: Descriptor, _ name: String) throws {
        do { try descriptor.writeAll(bytes) } catch {
            // A reader that has seen enough ends this program as it ends any other: by SIGPIPE.
            if error.errno == .brokenPipe { ThisProcess.die(by: Signal.pipe) }
            throw CommandFailure("cannot write to \(name): \(error.errno)")
        }
    }

    func warn(_ text: String) { try? errors.writeAll(text + "\n") }

    /// One line about a failure that does not end the command.
    func complain(_ error: any Error) { warn("wherry: \(error)") }

    /// Does `body` for each name, goes on behind those that fail, and tells by the exit code whether any did.
    func forEach(_ names: [String], _ body: (String) throws -> Void) throws -> Int32 {
        var exitCode = ExitCodes.success
        for name in names {
            do { try body(name) } catch let failure as ProtocolFailure {
                complain(failure)
                exitCode = ExitCodes.failure
            }
        }
        return exitCode
    }
}
