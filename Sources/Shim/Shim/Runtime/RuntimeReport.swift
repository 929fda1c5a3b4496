import FoundationEssentials
import LineProtocol

/// What a runtime's log (`--log-format json`) says about a call that failed.
struct RuntimeReport: Hashable, Sendable {
    let message: String
    let kind: ProtocolFailure.Kind

    /// The last line of level `error` or worse; nil if there is none.
    init?(log: [UInt8]) {
        let lines = log.split(separator: UInt8(ascii: "\n")).reversed()
        let found = lines.lazy.compactMap(Self.read).first { Self.errors.contains($0.level) }
        guard let found else { return nil }
        message = found.msg
        kind = found.kind.flatMap(ProtocolFailure.Kind.init(rawValue:)) ?? RuntimeMessages.kind(of: found.msg)
    }

    private static let errors: Set<String> = ["error", "fatal", "panic"]

    private struct Entry: Decodable {
        var level: String
        var msg: String
        /// Added by wherry-runtime: a word of ``ProtocolFailure/Kind``.
        var kind: String?
    }

    private static func read(_ line: ArraySlice<UInt8>) -> Entry? {
        try? JSONDecoder().decode(Entry.self, from: Data(line))
    }
}

/// What runtimes that know no kinds say, and which kind it means. The one place that matches messages.
enum RuntimeMessages {
    /// The first row all of whose words stand in the message decides.
    private static let table: [(words: [String], kind: ProtocolFailure.Kind)] = [
        (["executable file not found"], .executableNotFound),  // runc: a name not in $PATH
        (["executable file", "not found"], .executableNotFound),  // crun: a name not in $PATH
        (["exec: \"", "no such file or directory"], .executableNotFound),  // runc: a path
        (["open executable", "no such file or directory"], .executableNotFound),  // crun: a path
        (["exec: \"", "permission denied"], .permissionDenied),
        (["open executable", "permission denied"], .permissionDenied),
        (["open executable", "operation not permitted"], .permissionDenied),  // crun: a directory
        (["exec: \"", "is a directory"], .permissionDenied),
        (["exec: \"", "not a directory"], .permissionDenied),
        (["exec format error"], .permissionDenied),
        (["no space left on device"], .noSpace),
        (["disk quota exceeded"], .noSpace),
    ]

    static func kind(of message: String) -> ProtocolFailure.Kind {
        let message = message.lowercased()
        return table.first { $0.words.allSatisfy(message.contains) }?.kind ?? .runtimeFailed
    }
}
