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
        let names = entries.map { $0.utf8.prefix { $0 != UInt8(ascii: "=") } }
        // Sorted, what repeats itself stands side by side. A set would cost a start more than it saves.
        let order = entries.indices.sorted { one, other in
            if names[one].lexicographicallyPrecedes(names[other]) { return true }
            return one < other && names[one].elementsEqual(names[other])
        }
        let last = order.indices.filter { place in
            place + 1 == order.count || !names[order[place]].elementsEqual(names[order[place + 1]])
        }
        return last.map { order[$0] }.sorted().map { entries[$0] }
    }
}
