internal import RuntimeSpec

/// The program that a process becomes.
public struct ProgramPlan: Hashable, Sendable {
    public let arguments: [String]
    /// `NAME=value`, each name once: the last one counts.
    public let environment: [String]
    public let user: UInt32

    init(_ process: Process, listenDescriptors: Int) {
        arguments = process.args ?? []
        user = process.user.uid
        var entries = process.env ?? []
        if listenDescriptors > 0 { entries += ["LISTEN_FDS=\(listenDescriptors)", "LISTEN_PID=1"] }
        environment = Self.withoutRepetition(entries)
    }

    /// What `name` is in the environment.
    public func variable(_ name: String) -> String? {
        environment.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
    }

    private static func withoutRepetition(_ entries: [String]) -> [String] {
        var seen: Set<Substring> = []
        let kept = entries.reversed().filter { entry in
            seen.insert(entry.prefix { $0 != "=" }).inserted
        }
        return kept.reversed()
    }
}
