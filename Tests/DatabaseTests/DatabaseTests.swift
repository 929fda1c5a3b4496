import Harness
import LinuxKernel
import Testing

@testable import Database

@Suite("A database")
struct DatabaseTests {
    let scratch: Scratch
    private let schema = [Migration(["CREATE TABLE things(name TEXT PRIMARY KEY, size INTEGER, data BLOB) STRICT"])]

    init() throws { scratch = try Scratch() }

    private func open(_ migrations: [Migration]? = nil) throws(DatabaseError) -> Database {
        try Database(at: scratch("test.db"), migrations: migrations ?? schema)
    }

    private func code(_ body: () throws(DatabaseError) -> Void) -> DatabaseError.Code? {
        do { try body() } catch { return error.code }
        return nil
    }

    @Test("gives back every kind of value as it was put in")
    func values() throws {
        let database = try open()
        try database.run("INSERT INTO things VALUES(?, ?, ?)", ["é\u{0}x", .integer(1 << 40), .blob([0, 255])])
        try database.run("INSERT INTO things VALUES(?, ?, ?)", ["", nil, .blob([])])
        let rows = try database.run("SELECT name, size, data FROM things ORDER BY size")
        #expect(rows[0].values == ["", nil, .blob([])])
        #expect(rows[1].values == ["é\u{0}x", .integer(1 << 40), .blob([0, 255])])
    }

    @Test("keeps what was committed when it is opened again")
    func reopen() throws {
        try open().run("INSERT INTO things(name) VALUES('a')")
        #expect(try open().run("SELECT name FROM things").count == 1)
    }

    @Test("undoes all of a transaction that fails")
    func rollback() throws {
        let database = try open()
        let failure = code { () throws(DatabaseError) in
            try database.transaction { () throws(DatabaseError) in
                try database.run("INSERT INTO things(name) VALUES('a')")
                try database.run("INSERT INTO things(name) VALUES('a')")
            }
        }
        #expect(failure == .constraint)
        #expect(try database.run("SELECT name FROM things").isEmpty)
    }

    @Test("applies only the migrations that it has not seen")
    func migrations() throws {
        try open().run("INSERT INTO things(name) VALUES('a')")
        let database = try open(schema + [Migration(["ALTER TABLE things ADD COLUMN colour TEXT"])])
        #expect(try database.run("SELECT name, colour FROM things").first?.values == ["a", nil])
    }

    @Test("refuses a file of a newer version, and leaves it as it is")
    func newer() throws {
        _ = try open(schema + [Migration(["CREATE TABLE later(x TEXT) STRICT"])])
        #expect(code { () throws(DatabaseError) in _ = try open() } == .newer)
        #expect(code { () throws(DatabaseError) in _ = try open() } == .newer)
    }

    @Test("calls a file that is no database corrupt")
    func noDatabase() throws {
        let file = try Descriptor.workingDirectory.open(scratch("test.db"), [.writeOnly, .create], mode: 0o600)
        try file.descriptor.writeAll(String(repeating: "not a database ", count: 100))
        #expect(code { () throws(DatabaseError) in _ = try open() } == .corrupt)
    }

    @Test("calls a database with a damaged page corrupt")
    func damagedPage() throws {
        do {
            let database = try open()
            for number in 0..<500 {
                try database.run("INSERT INTO things(name) VALUES(?)", [.text("a rather long name \(number)")])
            }
            try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        var bytes = try Descriptor.workingDirectory.readFile(scratch("test.db"))
        for place in 8192..<12288 { bytes[place] = 0x5a }
        try Descriptor.workingDirectory.writeFileDurably(scratch("test.db"), bytes)
        #expect(code { () throws(DatabaseError) in _ = try open() } == .corrupt)
    }

    @Test("names the column that does not hold what was asked for")
    func mismatch() throws {
        let row = DatabaseRow(["text", nil])
        #expect(try row.text(0) == "text")
        #expect(try row.optionalInteger(1) == nil)
        #expect(code { () throws(DatabaseError) in _ = try row.integer(0) } == .unexpectedValue)
        #expect(code { () throws(DatabaseError) in _ = try row.text(2) } == .unexpectedValue)
    }
}
