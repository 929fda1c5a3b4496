/// What CRIU answers: `criu_resp` of its `rpc.proto`.
struct CriuResponse: Hashable {
    /// Nil: one that is not known here.
    let kind: CriuRequest.Kind?
    let hasSucceeded: Bool
    let notification: CriuNotification?
    /// An errno(3), if CRIU knows one; else 0.
    let errorNumber: Int32
    let errorMessage: String?
    let features: CriuFeatures?
    let version: CriuVersion?

    init(_ bytes: [UInt8]) throws(WireError) {
        let fields = try WireField.all(of: bytes)
        guard let kind = fields[number: 1]?.int32, let success = fields[number: 2]?.bool else {
            throw WireError.malformed
        }
        self.kind = CriuRequest.Kind(rawValue: kind)
        hasSucceeded = success
        notification = try fields[number: 5].map(CriuNotification.init)
        errorNumber = fields[number: 7]?.int32 ?? 0
        features = try fields[number: 8]?.fields.features
        errorMessage = fields[number: 9]?.text
        version = try fields[number: 10].map(CriuVersion.init)
    }
}

extension [WireField] {
    fileprivate var features: CriuFeatures { CriuFeatures(self) }
}

/// A moment that CRIU tells of, and waits at for an answer: `criu_notify`.
public struct CriuNotification: Hashable, Sendable {
    /// criu(8), `--action-script`: those that a runtime acts on.
    public enum Moment: String, Sendable {
        /// The namespaces are there, nothing else is.
        case setupNamespaces = "setup-namespaces"
        /// The processes are there, and stand still.
        case postRestore = "post-restore"
        /// A terminal's master comes with the message.
        case orphanTerminal = "orphan-pts-master"
        /// Pages are served from now on.
        case statusReady = "status-ready"
    }

    /// Nil for the others.
    public let moment: Moment?
    /// Of the tree's first process.
    public let pid: Int32?

    init(_ field: WireField) throws(WireError) {
        let fields = try field.fields
        moment = fields[number: 1]?.text.flatMap(Moment.init)
        pid = fields[number: 2]?.int32
    }
}

/// `criu_version`.
public struct CriuVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let major: Int32
    public let minor: Int32
    public let sublevel: Int32

    public init(_ major: Int32, _ minor: Int32, _ sublevel: Int32 = 0) {
        (self.major, self.minor, self.sublevel) = (major, minor, sublevel)
    }

    init(_ field: WireField) throws(WireError) {
        let fields = try field.fields
        guard let major = fields[number: 1]?.int32, let minor = fields[number: 2]?.int32 else {
            throw WireError.malformed
        }
        // What was built from a repository stands between two releases: it counts as the next one.
        let isUnreleased = !(fields[number: 3]?.text ?? "").isEmpty
        let sublevel = fields[number: 4]?.int32 ?? 0
        self.init(major, isUnreleased ? minor &+ 1 : minor, isUnreleased ? 0 : sublevel)
    }

    public var description: String { sublevel == 0 ? "\(major).\(minor)" : "\(major).\(minor).\(sublevel)" }

    public static func < (one: CriuVersion, other: CriuVersion) -> Bool {
        (one.major, one.minor, one.sublevel) < (other.major, other.minor, other.sublevel)
    }
}
