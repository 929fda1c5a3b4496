internal import CSQLite

/// A prepared statement: sqlite3_prepare_v3, bound and stepped again and again.
///
/// Not `Sendable`: it belongs to its ``Database``, which outlives it.
@safe final class Statement {
    private let handle: OpaquePointer
    private let sql: String

    init(_ sql: String, in connection: OpaquePointer) throws(DatabaseError) {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else {
            throw unsafe DatabaseError(sqlite: code, "\(sql): \(message(of: connection))")
        }
        unsafe handle = prepared
        self.sql = sql
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Runs the statement to its end with `parameters` for its question marks; gives all rows.
    func rows(_ parameters: [DatabaseValue]) throws(DatabaseError) -> [DatabaseRow] {
        defer {
            unsafe sqlite3_reset(handle)
            unsafe sqlite3_clear_bindings(handle)
        }
        for (place, value) in parameters.enumerated() { try bind(value, at: CInt(place + 1)) }
        var rows: [DatabaseRow] = []
        while true {
            let code = unsafe sqlite3_step(handle)
            switch code {
            case SQLITE_ROW: rows.append(row())
            case SQLITE_DONE: return rows
            default: throw failure(code)
            }
        }
    }

    private func bind(_ value: DatabaseValue, at place: CInt) throws(DatabaseError) {
        let code =
            switch value {
            case .null: unsafe sqlite3_bind_null(handle, place)
            case .integer(let number): unsafe sqlite3_bind_int64(handle, place, number)
            case .text(let text):
                unsafe sqlite3_bind_text64(
                    handle, place, text, UInt64(text.utf8.count), copied, UInt8(truncatingIfNeeded: SQLITE_UTF8))
            case .blob(let bytes): unsafe sqlite3_bind_blob64(handle, place, bytes, UInt64(bytes.count), copied)
            }
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func row() -> DatabaseRow {
        let count = unsafe sqlite3_column_count(handle)
        return DatabaseRow((0..<count).map { column(at: $0) })
    }

    private func column(at place: CInt) -> DatabaseValue {
        switch unsafe sqlite3_column_type(handle, place) {
        case SQLITE_INTEGER: .integer(unsafe sqlite3_column_int64(handle, place))
        case SQLITE_TEXT: .text(String(decoding: bytes(at: place), as: UTF8.self))
        case SQLITE_BLOB: .blob(bytes(at: place))
        default: .null
        }
    }

    private func bytes(at place: CInt) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, place) else { return [] }
        let buffer = unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, place)))
        return unsafe [UInt8](buffer)
    }

    private func failure(_ code: CInt) -> DatabaseError {
        let connection = unsafe sqlite3_db_handle(handle)
        let reason = unsafe message(of: connection)
        // A full disk is no statement's fault.
        return DatabaseError(sqlite: code, code & 0xff == SQLITE_FULL ? reason : "\(sql): \(reason)")
    }
}

/// `SQLITE_TRANSIENT`: sqlite makes a copy of its own before the call returns.
private nonisolated(unsafe) let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// What sqlite3 says about the last call on `connection`.
func message(of connection: OpaquePointer?) -> String {
    unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? "no memory"
}
