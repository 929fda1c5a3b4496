/// The records of an extended header: `LENGTH KEY=VALUE\n`, pax(1), "pax Extended Header".
struct PaxRecords {
    private(set) var path: [UInt8]?
    private(set) var linkPath: [UInt8]?
    private(set) var size: Int64?
    private(set) var owner: Int64?
    private(set) var group: Int64?
    private(set) var modified: (seconds: Int64, nanoseconds: Int64)?
    private(set) var attributes: [TarEntry.Attribute] = []
    private(set) var sparse = SparseRecords()

    init() {}

    init(_ bytes: [UInt8]) throws(LayerError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let (key, value) = try Self.takeRecord(&rest)
            try set(String(decoding: key, as: UTF8.self), key, Array(value))
        }
    }

    private static func takeRecord(_ rest: inout ArraySlice<UInt8>)
        throws(LayerError) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)
    {
        let damaged = LayerError.malformed("an extended header is damaged")
        guard let space = rest.firstIndex(of: 0x20), let length = Int(decimal: rest[..<space]), length <= rest.count,
            length > space - rest.startIndex
        else { throw damaged }
        let end = rest.startIndex + length
        let record = rest[(space + 1)..<end]
        guard record.last == 0x0a, let equals = record.firstIndex(of: 0x3d) else { throw damaged }
        rest = rest[end...]
        return (record[..<equals], record[(equals + 1)...].dropLast())
    }

    private mutating func set(_ key: String, _ rawKey: ArraySlice<UInt8>, _ value: [UInt8]) throws(LayerError) {
        switch key {
        case "path": path = value
        case "linkpath": linkPath = value
        case "size": size = try Self.number(key, value)
        case "uid": owner = try Self.number(key, value)
        case "gid": group = try Self.number(key, value)
        case "mtime": modified = try Self.time(value)
        default:
            if key.hasPrefix("GNU.sparse.") { return try sparse.set(key, value) }
            setAttribute(rawKey, value)
        }
    }

    /// `SCHILY.xattr.NAME`, which star, GNU tar and Go write: the value as it is.
    private mutating func setAttribute(_ key: ArraySlice<UInt8>, _ value: [UInt8]) {
        let prefix = Array("SCHILY.xattr.".utf8)
        guard key.starts(with: prefix), key.count > prefix.count else { return }
        attributes.append(TarEntry.Attribute(name: Array(key.dropFirst(prefix.count)), value: value))
    }

    static func number(_ key: String, _ value: some Collection<UInt8>) throws(LayerError) -> Int64 {
        guard let number = Int64(String(decoding: value, as: UTF8.self)), number >= 0 else {
            throw .malformed("an extended header's \(key) is not a number")
        }
        return number
    }

    /// `1700000000.25`, possibly negative.
    static func time(_ value: [UInt8]) throws(LayerError) -> (Int64, Int64) {
        let parts = value.split(separator: 0x2e, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let seconds = Int64(String(decoding: whole, as: UTF8.self)) else {
            throw .malformed("an extended header's time is not a number")
        }
        let digits = parts.count == 2 ? parts[1].prefix(9) : []
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .malformed("an extended header's time is not a number")
        }
        var nanoseconds: Int64 = 0
        for position in 0..<9 {
            let digit = position < digits.count ? Int64(digits[digits.startIndex + position] - 0x30) : 0
            nanoseconds = nanoseconds * 10 + digit
        }
        guard value.first == 0x2d, nanoseconds > 0, seconds > .min else { return (seconds, nanoseconds) }
        return (seconds - 1, 1_000_000_000 - nanoseconds)
    }
}

extension Int {
    /// A number of decimal digits alone, without a sign.
    init?(decimal digits: some Collection<UInt8>) {
        guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
