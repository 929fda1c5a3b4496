internal import CSQLite

/// One change of the schema. Its number is its place in the list, counted from 1; a published one never changes.
public struct Migration: Sendable {
    public let statements: [String]
    public init(_ statements: [String]) { self.statements = statements }
}

/// A SQLite database in WAL mode with one writer: whoever holds this object.
///
/// Not `Sendable`: it lives on one actor, whose executor may block. A crash of the program loses no transaction. A
/// power cut may lose the last ones, but those made within ``durably(_:)`` and all before them
/// (sqlite.org/pragma.html#pragma_synchronous).
@safe public final class Database {
    private let connection: OpaquePointer
    private var statements: [String: Statement] = [:]
    public let path: String

    /// Opens or makes the database at `path` and brings its schema up to the last of `migrations`.
    /// Throws `corrupt` for what is no intact database, and `newer` for one with more migrations than these.
    public init(at path: String, migrations: [Migration]) throws(DatabaseError) {
        self.path = path
        unsafe connection = try open(path)
        do {
            try configure()
            try migrate(migrations)
        } catch {
            throw DatabaseError(error.code, "database \(path): \(error.message)")
        }
    }

    deinit {
        statements.removeAll()
        unsafe sqlite3_close_v2(connection)
    }

    /// Runs `sql` with `parameters` for its question marks and gives its rows.
    @discardableResult
    public func run(_ sql: String, _ parameters: [DatabaseValue] = []) throws(DatabaseError) -> [DatabaseRow] {
        try prepared(sql).rows(parameters)
    }

    /// All of `body`, or nothing of it.
    public func transaction<Result>(_ body: () throws(DatabaseError) -> Result) throws(DatabaseError) -> Result {
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // A failed COMMIT, or a full disk, may have rolled back already: then there is nothing to undo.
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    /// Makes the transactions of `body` outlast a power cut: they cost an fsync(2) each.
    public func durably<Result>(_ body: () throws(DatabaseError) -> Result) throws(DatabaseError) -> Result {
        try run("PRAGMA synchronous=FULL")
        // Cannot fail outside of a transaction, and `body` leaves none open.
        defer { _ = try? run("PRAGMA synchronous=NORMAL") }
        return try body()
    }

    /// How many rows the last change touched.
    public var changes: Int { Int(unsafe sqlite3_changes(connection)) }

    private func prepared(_ sql: String) throws(DatabaseError) -> Statement {
        if let statement = statements[sql] { return statement }
        let statement = unsafe try Statement(sql, in: connection)
        statements[sql] = statement
        return statement
    }

    private func configure() throws(DatabaseError) {
        unsafe sqlite3_busy_timeout(connection, 5000)
        try run("PRAGMA journal_mode=WAL")
        try run("PRAGMA synchronous=NORMAL")
        try run("PRAGMA foreign_keys=ON")
        let verdict = try run("PRAGMA quick_check(1)").first?.text(0) ?? "no answer"
        guard verdict == "ok" else { throw DatabaseError(.corrupt, "is damaged: \(verdict)") }
    }

    private func migrate(_ migrations: [Migration]) throws(DatabaseError) {
        let version = Int(try run("PRAGMA user_version").first?.integer(0) ?? 0)
        guard version <= migrations.count else {
            throw DatabaseError(
                .newer, "was written by a newer version (schema \(version), this one knows \(migrations.count))")
        }
        for number in version..<migrations.count {
            try transaction { () throws(DatabaseError) in
                for statement in migrations[number].statements { try run(statement) }
                try run("PRAGMA user_version=\(number + 1)")
            }
        }
    }
}

private func open(_ path: String) throws(DatabaseError) -> OpaquePointer {
    var connection: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = unsafe sqlite3_open_v2(path, &connection, flags, nil)
    guard code == SQLITE_OK, let connection = unsafe connection else {
        let reason = unsafe message(of: connection)
        unsafe sqlite3_close_v2(connection)
        throw DatabaseError(sqlite: code, "database \(path): \(reason)")
    }
    return unsafe connection
}
