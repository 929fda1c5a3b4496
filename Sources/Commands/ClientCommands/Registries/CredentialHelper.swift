internal import CommandKit
internal import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec

/// A program that keeps logins: `docker-credential-NAME` (docker-credential-helpers, "Development").
struct CredentialHelper {
    /// More than any password, and than any message.
    private static let mostBytes = 1 << 20
    /// The user name that says that the secret is a refresh token.
    private static let tokenUser = "<token>"
    private static let missing = "credentials not found"

    let name: String
    let environment: Environment
    private var program: String { "docker-credential-" + name }

    private struct Entry: Encodable, JSONReadable {
        var server: String
        var username: String
        var secret: String

        init(server: String, username: String, secret: String) {
            self.server = server
            self.username = username
            self.secret = secret
        }

        init(_ json: RuntimeSpec.JSONValue) throws(JSONMismatch) {
            let members = try JSONMembers(json)
            server = try members.optional("ServerURL") ?? ""
            username = try members.required("Username")
            secret = try members.required("Secret")
        }

        enum CodingKeys: String, CodingKey {
            case server = "ServerURL"
            case username = "Username"
            case secret = "Secret"
        }
    }

    func login(for host: RegistryHost) throws -> RegistryLogin? {
        let answer = try run("get", host.key)
        if answer.isSuccess {
            let entry: Entry
            do { entry = try Entry(parsing: answer.output) } catch {
                throw CommandFailure("\(program) get: its answer is not understood: \(error)")
            }
            return entry.username == Self.tokenUser
                ? RegistryLogin(identityToken: entry.secret)
                : RegistryLogin(username: entry.username, password: entry.secret)
        }
        guard answer.text.contains(Self.missing) else { throw failure("get", answer) }
        return nil
    }

    func keep(_ login: RegistryLogin, for host: RegistryHost) throws {
        let entry = Entry(
            server: host.key, username: login.identityToken == nil ? login.username ?? "" : Self.tokenUser,
            secret: login.identityToken ?? login.password ?? "")
        let answer = try run("store", String(decoding: Envelope.encode(entry), as: UTF8.self))
        guard answer.isSuccess else { throw failure("store", answer) }
    }

    func forget(_ host: RegistryHost) throws {
        let answer = try run("erase", host.key)
        guard answer.isSuccess || answer.text.contains(Self.missing) else { throw failure("erase", answer) }
    }

    private func failure(_ action: String, _ answer: Answer) -> CommandFailure {
        CommandFailure("\(program) \(action): \(answer.text.isEmpty ? "it failed" : answer.text)")
    }

    // MARK: The program

    private struct Answer {
        var output: [UInt8]
        var isSuccess: Bool
        /// What it says, on one line.
        var text: String {
            String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    /// Gives `input` to the program, and waits for what it answers.
    private func run(_ action: String, _ input: String) throws -> Answer {
        guard let path = ThisProcess.findProgram(program, in: environment["PATH"]) else {
            throw CommandFailure("cannot find \(program), which keeps logins as config.json says: install it")
        }
        do {
            let question = try makeMemoryFile(named: "credentials")
            try question.descriptor.writeAll(input)
            try question.descriptor.seek(to: 0)
            let (reader, writer) = try Pipe().split()
            defer { reader.close() }
            let process = try SpawnRequest(
                path: path, arguments: [program, action], environment: environment.entries,
                descriptors: [question.descriptor, writer, .standardError]
            ).spawn()
            writer.close()
            let output = try reader.readAll(limit: Self.mostBytes)
            return Answer(output: output, isSuccess: try process.wait().shellCode == 0)
        } catch {
            throw CommandFailure("cannot run \(program): \(error.errno)")
        }
    }
}
