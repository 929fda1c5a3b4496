internal import LineProtocol

/// The filters `label` and `label!` of a prune: all of these, and none of those. Pure.
struct LabelRules: Sendable {
    private let wanted: [LabelFilter]
    private let unwanted: [LabelFilter]

    init(_ filters: [String: [String]]) throws(ProtocolFailure) {
        if let stranger = filters.keys.sorted().first(where: { $0 != "label" && $0 != "label!" }) {
            throw ProtocolFailure(.invalidArgument, "invalid filter '\(stranger)'")
        }
        wanted = (filters["label"] ?? []).map(LabelFilter.init)
        unwanted = (filters["label!"] ?? []).map(LabelFilter.init)
    }

    func admit(_ labels: [String: String]) -> Bool {
        wanted.allSatisfy { $0.admits(labels) } && !unwanted.contains { $0.admits(labels) }
    }
}
