/// Writes a message in Protocol Buffers' wire format: protobuf.dev/programming-guides/encoding.
///
/// What CRIU's `rpc.proto` needs of it and no more: varints and length-delimited fields. CRIU speaks proto2, where what
/// is not there differs from zero: a nil writes nothing.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: Bool?, as field: Int) {
        guard let value else { return }
        writeVarint(value ? 1 : 0, field)
    }

    mutating func write(_ value: UInt32?, as field: Int) {
        guard let value else { return }
        writeVarint(UInt64(value), field)
    }

    /// Negative numbers of 32 bits take ten bytes: they are extended to 64 bits first.
    mutating func write(_ value: Int32?, as field: Int) {
        guard let value else { return }
        writeVarint(UInt64(bitPattern: Int64(value)), field)
    }

    mutating func write(_ value: String?, as field: Int) {
        guard let value else { return }
        writeDelimited(Array(value.utf8), field)
    }

    mutating func write(_ value: (some WireMessage)?, as field: Int) {
        guard let value else { return }
        writeDelimited(value.encoded, field)
    }

    mutating func write(_ values: [String], as field: Int) {
        for value in values { write(value, as: field) }
    }

    mutating func write(_ values: [some WireMessage], as field: Int) {
        for value in values { write(value, as: field) }
    }

    private mutating func writeVarint(_ value: UInt64, _ field: Int) {
        append(UInt64(field) << 3 | WireType.varint.rawValue)
        append(value)
    }

    private mutating func writeDelimited(_ value: [UInt8], _ field: Int) {
        append(UInt64(field) << 3 | WireType.delimited.rawValue)
        append(UInt64(value.count))
        bytes += value
    }

    /// Seven bits a byte, the lowest first; all bytes but the last have their highest bit set.
    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

/// Something that can be sent.
protocol WireMessage {
    func write(to writer: inout WireWriter)
}

extension WireMessage {
    var encoded: [UInt8] {
        var writer = WireWriter()
        write(to: &writer)
        return writer.bytes
    }
}

/// The lowest three bits of a field's key.
enum WireType: UInt64 { case varint = 0, eightBytes = 1, delimited = 2, fourBytes = 5 }
