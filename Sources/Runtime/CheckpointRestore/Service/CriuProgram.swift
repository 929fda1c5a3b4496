internal import LinuxKernel

/// The program `criu`, as installed: found once, and asked for its version.
public struct CriuProgram: Sendable {
    public let path: String
    public let version: CriuVersion
    public static let arguments = ["criu", "swrk", "\(socketNumber)"]
    /// Where `criu swrk` expects its end of the conversation.
    public static let socketNumber: Int32 = 3

    /// The oldest that tells its version.
    private static let oldest = CriuVersion(3, 0)

    /// Throws one line that says what is missing.
    public init() throws(CriuError) {
        guard let path = Self.search() else {
            throw CriuError(.unavailable, "criu is not in PATH: install CRIU \(Self.oldest) or newer")
        }
        self.path = path
        var answer: CriuVersion?
        try Self.converse(path) { conversation throws(CriuError) in
            answer = try conversation.ask(.version).version
        }
        guard let answer else { throw CriuError(.unavailable, "\(path) does not tell its version: it is too old") }
        version = answer
        try require(Self.oldest, for: "checkpoints")
    }

    /// In the directories of `PATH`, as execvp(3) does.
    private static func search() -> String? {
        let directories = (ThisProcess.variable("PATH") ?? "").split(separator: ":")
        return directories.map { "\($0)/criu" }.first { path in
            Descriptor.workingDirectory.whyNotExecutable(path) == nil
        }
    }

    public func require(_ wanted: CriuVersion, for purpose: String) throws(CriuError) {
        guard version < wanted else { return }
        throw CriuError(
            .unavailable, "CRIU \(version) is too old for \(purpose): install CRIU \(wanted) or newer")
    }

    /// Throws unless CRIU and the kernel can do all of `features`.
    public func require(_ features: CriuFeatures) throws(CriuError) {
        var lacking: [String] = []
        try Self.converse(path) { conversation throws(CriuError) in
            lacking = (try conversation.ask(.check(features)).features ?? CriuFeatures()).lacking(features)
        }
        guard !lacking.isEmpty else { return }
        throw CriuError(.unavailable, "criu is missing features: \(lacking.joined(separator: ", "))")
    }

    /// Runs it without any of our streams, and lets `body` talk to it.
    public func converse(_ body: (CriuConversation) throws(CriuError) -> Void) throws(CriuError) {
        try Self.converse(path, body)
    }

    private static func converse(_ path: String, _ body: (CriuConversation) throws(CriuError) -> Void)
        throws(CriuError)
    {
        let criu: RunningCriu
        do { criu = try RunningCriu(path) } catch { throw CriuError("cannot run \(path)", error) }
        defer { criu.end() }
        try body(criu.conversation)
    }
}

/// A `criu swrk` that we talk to.
private final class RunningCriu {
    let conversation: CriuConversation
    private let process: ProcessHandle

    init(_ path: String) throws(SystemError) {
        let (ours, theirs) = try UnixSocket.sequencedPair()
        conversation = CriuConversation(ours)
        defer { theirs.close() }
        let nothing = try Descriptor.workingDirectory.open("/dev/null", .readWrite)
        let stream = nothing.descriptor
        let request = SpawnRequest(
            path: path, arguments: CriuProgram.arguments, environment: ThisProcess.environment,
            descriptors: [stream, stream, stream, theirs])
        process = try request.spawn()
    }

    /// It ends when its conversation does.
    func end() {
        conversation.end()
        _ = try? process.wait()
    }
}
