/// Lines of a key and a number, as `memory.stat` and many others have them.
struct KeyedValues {
    let values: [String: UInt64]

    init(_ text: String) {
        var values: [String: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count == 2, let value = UInt64(fields[1]) { values[String(fields[0])] = value }
        }
        self.values = values
    }

    subscript(key: String) -> UInt64? { values[key] }
}

extension String {
    /// What stands between blanks and line ends.
    var fields: [String] { split(whereSeparator: \.isWhitespace).map(String.init) }

    var trimmed: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        return String(text)
    }
}

extension CgroupDirectory {
    /// The number in a file; `max` is the largest there is. Nil where there is no such file.
    func number(_ name: String) throws(CgroupError) -> UInt64? {
        guard let text = try readIfPresent(name)?.trimmed else { return nil }
        if text == "max" { return .max }
        if let value = UInt64(text) { return value }
        // Some v1 counters are signed and can dip below zero.
        if Int64(text) != nil { return 0 }
        throw CgroupError(.state, "\(name) of cgroup \(path) holds no number: \(text)")
    }
}
