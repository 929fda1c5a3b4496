/// Reads a message in Protocol Buffers' wire format. Whatever the bytes are, reading them neither traps nor goes on
/// past their end.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Where field numbers end: 29 bits.
    private static let highestField: UInt64 = 1 << 29 - 1

    /// The next field; nil at the end. Fields of other widths, which `rpc.proto` has none of, are passed over.
    mutating func next() throws(WireError) -> WireField? {
        while !rest.isEmpty {
            let key = try varint()
            guard let type = WireType(rawValue: key & 7), (1...Self.highestField).contains(key >> 3) else {
                throw WireError.malformed
            }
            let number = Int(key >> 3)
            switch type {
            case .varint: return WireField(number: number, value: .number(try varint()))
            case .delimited:
                guard let count = Int(exactly: try varint()) else { throw WireError.truncated }
                return WireField(number: number, value: .bytes(try take(count)))
            case .eightBytes: _ = try take(8)
            case .fourBytes: _ = try take(4)
            }
        }
        return nil
    }

    private mutating func varint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { throw WireError.truncated }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw WireError.malformed
    }

    private mutating func take(_ count: Int) throws(WireError) -> [UInt8] {
        guard count <= rest.count else { throw WireError.truncated }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}

/// A field as it stands on the wire.
struct WireField: Hashable {
    enum Value: Hashable { case number(UInt64), bytes([UInt8]) }

    let number: Int
    let value: Value

    /// As an `int32`, `uint32`, `bool` or enumeration: only the lowest bits count.
    var int32: Int32? {
        guard case .number(let value) = value else { return nil }
        return Int32(truncatingIfNeeded: value)
    }

    var bool: Bool? {
        guard case .number(let value) = value else { return nil }
        return value != 0
    }

    var text: String? {
        guard case .bytes(let bytes) = value else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All fields of the message that this one holds.
    var fields: [WireField] {
        get throws(WireError) {
            guard case .bytes(let bytes) = value else { throw WireError.malformed }
            return try WireField.all(of: bytes)
        }
    }

    static func all(of bytes: [UInt8]) throws(WireError) -> [WireField] {
        var reader = WireReader(bytes)
        var fields: [WireField] = []
        while let field = try reader.next() { fields.append(field) }
        return fields
    }
}

extension [WireField] {
    /// The last of that number: proto2, "Last One Wins".
    subscript(number number: Int) -> WireField? { last { $0.number == number } }
}

/// Why bytes are no message.
enum WireError: Error, Hashable { case truncated, malformed }
