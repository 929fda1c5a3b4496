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

    /// At least one; of very many the first ones.
    public let reasons: [Reason]
    /// How many more there are.
    public let furtherReasons: Int

    init(reasons: [Reason], furtherReasons: Int = 0) {
        (self.reasons, self.furtherReasons) = (reasons, furtherReasons)
    }

    /// Only lacks of this runtime, no mistakes.
    public var isLackOfSupport: Bool { reasons.allSatisfy { $0.kind == .notSupported } }

    public var description: String {
        let named = reasons.map { "\($0.member): \($0.problem)" }.joined(separator: "; ")
        return furtherReasons == 0 ? named : "\(named); and \(furtherReasons) more"
    }
}

/// Collects reasons to refuse while a plan is made. A document can give millions of them, which nobody reads
/// (hostile-config): past the first ones they are counted.
struct Refusals {
    private static let most = 50
    private(set) var reasons: [SetupRefusal.Reason] = []
    private var furtherReasons = 0

    mutating func invalid(_ member: String, _ problem: String) {
        add(.init(kind: .invalid, member: member, problem: problem))
    }

    private mutating func add(_ reason: SetupRefusal.Reason) {
        if reasons.count < Self.most { reasons.append(reason) } else { furtherReasons += 1 }
    }

    mutating func unsupported(_ member: String, _ problem: String = "is not supported by wherry-runtime; remove it") {
        add(.init(kind: .notSupported, member: member, problem: problem))
    }

    /// What is left out without a refusal: lines for the user.
    var warnings: [String] {
        furtherWarnings == 0 ? firstWarnings : firstWarnings + ["\(furtherWarnings) more were left out"]
    }
    private var firstWarnings: [String] = []
    private var furtherWarnings = 0

    mutating func leaveOut(_ member: String, _ problem: String) {
        if firstWarnings.count < Self.most {
            firstWarnings.append("\(member): \(problem)")
        } else {
            furtherWarnings += 1
        }
    }

    func check() throws(SetupRefusal) {
        if !reasons.isEmpty { throw SetupRefusal(reasons: reasons, furtherReasons: furtherReasons) }
    }
}
