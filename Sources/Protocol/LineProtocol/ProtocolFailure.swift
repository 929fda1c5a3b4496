/// The `error` of an envelope: a stable number, a sentence for a person, and a word for a program (`data.kind`).
public struct ProtocolFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Codes below -32000 are JSON-RPC's, positive ones ours. Neither a code nor a word ever changes its meaning.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case parseError = "parse-error"
        case invalidRequest = "invalid-request"
        case methodNotFound = "method-not-found"
        case invalidParameters = "invalid-parameters"
        case internalError = "internal-error"
        case invalidResponse = "invalid-response"
        case versionMismatch = "version-mismatch"
        case lineTooLong = "line-too-long"
        case cancelled
        case noSuchContainer = "no-such-container"
        case noSuchImage = "no-such-image"
        case noSuchExec = "no-such-exec"
        case ambiguousName = "ambiguous-name"
        case nameConflict = "name-conflict"
        case wrongState = "wrong-state"
        case inUse = "in-use"
        case executableNotFound = "executable-not-found"
        case permissionDenied = "permission-denied"
        case notSupported = "not-supported"
        case invalidArgument = "invalid-argument"
        case invalidImage = "invalid-image"
        case noSpace = "no-space"
        case runtimeFailed = "runtime-failed"
        case shimFailed = "shim-failed"
        case system
        case registryFailed = "registry-failed"
        case unauthorized

        public var code: Int {
            switch self {
            case .parseError: -32700
            case .invalidRequest: -32600
            case .methodNotFound: -32601
            case .invalidParameters: -32602
            case .internalError: -32603
            case .invalidResponse: -32000
            case .versionMismatch: 1
            case .lineTooLong: 2
            case .cancelled: 3
            case .noSuchContainer: 10
            case .noSuchImage: 11
            case .noSuchExec: 12
            case .ambiguousName: 13
            case .nameConflict: 20
            case .wrongState: 21
            case .inUse: 22
            case .executableNotFound: 30
            case .permissionDenied: 31
            case .notSupported: 40
            case .invalidArgument: 41
            case .invalidImage: 42
            case .noSpace: 50
            case .runtimeFailed: 60
            case .shimFailed: 61
            case .system: 70
            case .registryFailed: 80
            case .unauthorized: 81
            }
        }
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }

    private enum CodingKeys: CodingKey { case code, message, data }
    private struct Detail: Codable { var kind: String }

    /// A kind that this version does not know is read as `internal-error`; its message stays.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        message = try container.decode(String.self, forKey: .message)
        let word = try container.decodeIfPresent(Detail.self, forKey: .data)?.kind
        kind = word.flatMap(Kind.init(rawValue:)) ?? .internalError
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind.code, forKey: .code)
        try container.encode(message, forKey: .message)
        try container.encode(Detail(kind: kind.rawValue), forKey: .data)
    }
}
