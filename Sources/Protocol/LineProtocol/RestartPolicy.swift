/// Whether a container that has ended is started again: docker's restart policies.
public struct RestartPolicy: Codable, Sendable, Hashable {
    public enum Name: String, Codable, Sendable, CaseIterable {
        case no, always
        case onFailure = "on-failure"
        case unlessStopped = "unless-stopped"
    }

    public var name: Name
    /// For `on-failure`: how often at most, one time after the other; 0 is as often as it takes.
    public var maximumRetryCount: Int

    public init(_ name: Name = .no, maximumRetryCount: Int = 0) {
        self.name = name
        self.maximumRetryCount = maximumRetryCount
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try members.value(.name, or: .no), maximumRetryCount: try members.value(.maximumRetryCount, or: 0))
    }

    /// Whether it ever starts anything.
    public var isActive: Bool { name != .no }
}

extension RestartPolicy {
    /// What `--restart` says: a policy's name, and behind a colon the most retries of `on-failure`.
    public init(parsing text: String) throws(ProtocolFailure) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = Name(rawValue: text.isEmpty ? "no" : String(parts[0])) else {
            let known = "use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
            throw Self.refusal(
                parts[0].isEmpty ? "no policy provided before colon" : "unknown policy '\(parts[0])'; \(known)")
        }
        self.init(name)
        guard parts.count == 2 else { return }
        guard let count = Int(parts[1]) else { throw Self.refusal("maximum retry count must be an integer") }
        maximumRetryCount = count
        try validate()
    }

    /// Refuses what no policy means.
    public func validate() throws(ProtocolFailure) {
        if maximumRetryCount < 0 { throw Self.refusal("maximum retry count cannot be negative") }
        if name != .onFailure, maximumRetryCount > 0 {
            throw Self.refusal("maximum retry count can only be used with 'on-failure'")
        }
    }

    private static func refusal(_ reason: String) -> ProtocolFailure {
        ProtocolFailure(.invalidArgument, "invalid restart policy: \(reason)")
    }
}
