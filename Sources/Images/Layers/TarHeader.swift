/// The 512 bytes that stand before every entry: tar(5), "POSIX ustar Archives" and "GNU tar Archives".
struct TarHeader {
    static let size = 512

    let bytes: [UInt8]
    var type: UInt8 { bytes[156] }

    /// Of a whole block. Nil for a block of zeros, which ends an archive.
    init?(_ bytes: [UInt8]) throws(LayerError) {
        if bytes.allSatisfy({ $0 == 0 }) { return nil }
        self.bytes = bytes
        try verifyChecksum()
    }

    /// The sum of all bytes, the checksum's own counted as spaces. Some old programs summed signed bytes.
    private func verifyChecksum() throws(LayerError) {
        var unsigned = 0
        var signed = 0
        for (position, byte) in bytes.enumerated() {
            let counted = (148..<156).contains(position) ? 0x20 : byte
            unsigned += Int(counted)
            signed += Int(Int8(bitPattern: counted))
        }
        let expected = try number(148, 8)
        guard expected == unsigned || expected == signed else {
            throw .malformed("is not a tar archive, or is damaged: a header's checksum is wrong")
        }
    }

    var isPOSIX: Bool { Array(bytes[257..<262]) == Array("ustar".utf8) }
    var isGNU: Bool { Array(bytes[257..<265]) == Array("ustar  ".utf8) + [0] }

    /// The name, with the prefix that POSIX archives part from it.
    var path: [UInt8] {
        let name = text(0, 100)
        guard isPOSIX, !isGNU else { return name }
        let prefix = text(345, 155)
        return prefix.isEmpty ? name : prefix + [0x2f] + name
    }

    var linkPath: [UInt8] { text(157, 100) }

    /// The bytes of a field up to its first NUL.
    func text(_ offset: Int, _ length: Int) -> [UInt8] {
        Array(bytes[offset..<(offset + length)].prefix { $0 != 0 })
    }

    /// A number in octal digits, or, with the highest bit set, in base 256.
    func number(_ offset: Int, _ length: Int) throws(LayerError) -> Int64 {
        let field = bytes[offset..<(offset + length)]
        guard bytes[offset] & 0x80 == 0 else { return try Self.binaryNumber(field) }
        let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { $0 != 0x20 && $0 != 0 }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x37).contains(digit) else { throw .malformed("a header's number is not octal") }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 8)
            guard !overflow else { throw .malformed("a header's number is too large") }
            value = shifted + Int64(digit - 0x30)
        }
        return value
    }

    /// What an extended header says instead goes first: then the field may hold anything.
    func number(_ offset: Int, _ length: Int, unless record: Int64?) throws(LayerError) -> Int64 {
        if let record { return record }
        return try number(offset, length)
    }

    private static func binaryNumber(_ field: ArraySlice<UInt8>) throws(LayerError) -> Int64 {
        let isNegative = field[field.startIndex] & 0x40 != 0
        var value: Int64 = isNegative ? -1 : 0
        for (position, byte) in field.enumerated() {
            let bits = position == 0 ? (isNegative ? byte | 0x80 : byte & 0x7f) : byte
            guard value >> 55 == (isNegative ? -1 : 0) else { throw .malformed("a header's number is too large") }
            value = value << 8 | Int64(bits)
        }
        return value
    }
}
