/// What a column or a parameter holds: sqlite's "Datatypes", without floating point, which nothing here needs.
public enum DatabaseValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

extension DatabaseValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    public init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }
}

/// One row of an answer. Columns are asked for by their place, as the statement names them.
public struct DatabaseRow: Hashable, Sendable {
    public let values: [DatabaseValue]
    public init(_ values: [DatabaseValue]) { self.values = values }

    public func text(_ column: Int) throws(DatabaseError) -> String {
        guard case .text(let text) = try value(column) else { throw mismatch(column, "text") }
        return text
    }

    public func integer(_ column: Int) throws(DatabaseError) -> Int64 {
        guard case .integer(let number) = try value(column) else { throw mismatch(column, "an integer") }
        return number
    }

    public func blob(_ column: Int) throws(DatabaseError) -> [UInt8] {
        guard case .blob(let bytes) = try value(column) else { throw mismatch(column, "a blob") }
        return bytes
    }

    public func optionalText(_ column: Int) throws(DatabaseError) -> String? {
        try value(column) == .null ? nil : text(column)
    }

    public func optionalInteger(_ column: Int) throws(DatabaseError) -> Int64? {
        try value(column) == .null ? nil : integer(column)
    }

    private func value(_ column: Int) throws(DatabaseError) -> DatabaseValue {
        guard values.indices.contains(column) else { throw mismatch(column, "there") }
        return values[column]
    }

    private func mismatch(_ column: Int, _ wanted: String) -> DatabaseError {
        DatabaseError(.unexpectedValue, "column \(column) of a row is not \(wanted)")
    }
}
