internal import CommandKit

/// `512m`, `1.5g`, `64MiB`: powers of 1024, in either case, as docker reads them.
enum ByteCount {
    private static let shifts: [Character: Int64] = ["b": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50]

    static func parse(_ text: String, _ option: String) throws -> Int64 {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        var unit = text.dropFirst(number.count).lowercased()
        if unit.hasPrefix(" ") { unit.removeFirst() }
        let letter = unit.first ?? "b"
        let isUnit = letter == "b" ? unit.count <= 1 : ["", "b", "ib"].contains(unit.dropFirst())
        guard let value = Double(number), let shift = shifts[letter], isUnit,
            let bytes = Int64(exactly: (value * Double(Int64(1) << shift)).rounded(.towardZero))
        else { throw refusal("\(option): invalid size: '\(text)'") }
        return bytes
    }
}

/// `1.5` processors, in billionths.
enum ProcessorCount {
    static func parse(_ text: String) throws -> Int64 {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        let digits = (parts[0].isEmpty ? "0" : parts[0]) + fraction
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !(parts[0].isEmpty && fraction.isEmpty) else {
            throw refusal("--cpus: failed to parse '\(text)' as a number")
        }
        guard fraction.count <= 9 else { throw refusal("--cpus: '\(text)' is too precise") }
        let zeros = String(repeating: "0", count: 9 - fraction.count)
        guard let nano = Int64(digits + zeros) else { throw refusal("--cpus: '\(text)' is too large") }
        return nano
    }
}
