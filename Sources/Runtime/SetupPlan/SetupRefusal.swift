/// Why a configuration cannot be carried out. Every reason is found before anything is done.
public struct SetupRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Reason: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// The specification does not allow it.
            case invalid
            /// The specification allows it, this runtime does not know it.
            case notSupported
        }

        public let kind: Kind
        /// The member, as its path in `config.json`.
        public let member: String
        public let problem: String
    }

    /// At least one.
    public let reasons: [Reason]

    /// Only lacks of this runtime, no mistakes.
    public var isLackOfSupport: Bool { reasons.allSatisfy { $0.kind == .notSupported } }

    public var description: String { reasons.map { "\($0.member): \($0.problem)" }.joined(separator: "; ") }
}

/// Collects reasons to refuse while a plan is made.
struct Refusals {
    private(set) var reasons: [SetupRefusal.Reason] = []

    mutating func invalid(_ member: String, _ problem: String) {
        reasons.append(.init(kind: .invalid, member: member, problem: problem))
    }

    mutating func unsupported(_ member: String, _ problem: String = "is not supported by wherry-runtime; remove it") {
        reasons.append(.init(kind: .notSupported, member: member, problem: problem))
    }

    /// What is left out without a refusal: lines for the user.
    private(set) var warnings: [String] = []

    mutating func leaveOut(_ member: String, _ problem: String) { warnings.append("\(member): \(problem)") }

    func check() throws(SetupRefusal) {
        if !reasons.isEmpty { throw SetupRefusal(reasons: reasons) }
    }
}
