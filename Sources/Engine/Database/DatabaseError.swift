internal import CSQLite

/// Why the database could not do what it was asked to.
public struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable {
        /// The disk, or the user's quota, is full.
        case noSpace
        /// The file is no database, or a damaged one.
        case corrupt
        /// A newer version of the program wrote it.
        case newer
        /// A uniqueness or foreign-key rule refuses the change.
        case constraint
        /// Somebody else writes to it.
        case busy
        /// A row does not hold what its column promises.
        case unexpectedValue
        case other
    }

    public let code: Code
    /// What failed, on which file, and why.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    /// An error that sqlite3 gave as `code`; only the primary part of it counts.
    init(sqlite code: CInt, _ message: String) {
        self.init(Self.codes[code & 0xff] ?? .other, message)
    }

    private static let codes: [CInt: Code] = [
        SQLITE_FULL: .noSpace, SQLITE_CORRUPT: .corrupt, SQLITE_NOTADB: .corrupt, SQLITE_CONSTRAINT: .constraint,
        SQLITE_BUSY: .busy, SQLITE_LOCKED: .busy,
    ]
}
