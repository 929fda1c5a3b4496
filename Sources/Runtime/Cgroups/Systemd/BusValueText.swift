/// Why a text is no value.
struct BusValueSyntaxError: Error, CustomStringConvertible {
    let description: String
}

extension BusValue {
    /// Reads GVariant's text format: `true`, `5` (an `int32`), `uint64 5`, `1.5`, `'text'`, `['a', 'b']`,
    /// `@at [1, 2]`, `('a', 5)`, `<5>`.
    init(text: String) throws(BusValueSyntaxError) {
        var reader = BusValueReader(text)
        self = try reader.value(of: nil)
        try reader.finish()
    }
}

/// Reads a value from left to right; a type that was said before it decides what a number is.
private struct BusValueReader {
    private var rest: Substring
    private var depth = 0

    init(_ text: String) { rest = text[...] }

    private static let typeWords: [String: String] = [
        "boolean": "b", "byte": "y", "int16": "n", "uint16": "q", "int32": "i", "uint32": "u", "int64": "x",
        "uint64": "t", "double": "d", "string": "s",
    ]

    mutating func finish() throws(BusValueSyntaxError) {
        skipBlanks()
        if !rest.isEmpty { throw error("nothing more") }
    }

    /// `type` is a signature, or nil where the text itself has to say.
    mutating func value(of type: Substring?) throws(BusValueSyntaxError) -> BusValue {
        depth += 1
        defer { depth -= 1 }
        // Values of D-Bus nest no deeper: D-Bus specification, "Valid Signatures".
        guard depth <= 64 else { throw BusValueSyntaxError(description: "nested too deep") }
        skipBlanks()
        switch rest.first {
        case "@": return try annotated()
        case "'", "\"": return try text(of: type)
        case "[": return try array(of: type)
        case "(": return try structure(of: type)
        case "<": return try variant()
        default: return try word(of: type)
        }
    }

    private mutating func annotated() throws(BusValueSyntaxError) -> BusValue {
        rest.removeFirst()
        let type = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(type.count)
        return try value(of: type)
    }

    /// `true`, `5`, or a type's name and what follows.
    private mutating func word(of type: Substring?) throws(BusValueSyntaxError) -> BusValue {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "+-._".contains($0) }
        guard !word.isEmpty else { throw error("a value") }
        if let named = Self.typeWords[String(word)] {
            rest = rest.dropFirst(word.count)
            return try value(of: named[...])
        }
        guard let value = Self.scalar(word, type: type) else { throw error("a value of type \(type ?? "any")") }
        rest = rest.dropFirst(word.count)
        return value
    }

    private static func scalar(_ word: Substring, type: Substring?) -> BusValue? {
        if word == "true" || word == "false" { return type ?? "b" == "b" ? .boolean(word == "true") : nil }
        switch type {
        case nil: return integer(word).map(BusValue.int32) ?? Double(word).map(BusValue.double)
        case "y": return integer(word).map(BusValue.byte)
        case "n": return integer(word).map(BusValue.int16)
        case "q": return integer(word).map(BusValue.uint16)
        case "i": return integer(word).map(BusValue.int32)
        case "u": return integer(word).map(BusValue.uint32)
        case "x": return integer(word).map(BusValue.int64)
        case "t": return integer(word).map(BusValue.uint64)
        case "d": return Double(word).map(BusValue.double)
        default: return nil
        }
    }

    /// Decimal, `0x` and a hexadecimal one, or `0` and an octal one.
    private static func integer<Number: FixedWidthInteger>(_ word: Substring) -> Number? {
        let isNegative = word.first == "-"
        let digits = isNegative || word.first == "+" ? word.dropFirst() : word
        let sign = isNegative ? "-" : ""
        guard digits.first?.isNumber == true else { return nil }
        if digits.lowercased().hasPrefix("0x") { return Number(sign + digits.dropFirst(2), radix: 16) }
        if digits.count > 1, digits.first == "0" { return Number(sign + digits.dropFirst(), radix: 8) }
        return Number(sign + digits)
    }

    private mutating func text(of type: Substring?) throws(BusValueSyntaxError) -> BusValue {
        guard type ?? "s" == "s" else { throw error("a value of type \(type ?? "any")") }
        let quote = rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return .string(text) }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case let other?: text.append(other)
            case nil: break
            }
        }
        throw error("the end of a string")
    }

    private mutating func array(of type: Substring?) throws(BusValueSyntaxError) -> BusValue {
        if let type, !type.hasPrefix("a") { throw error("a value of type \(type)") }
        let values = try list("]") { _ in type?.dropFirst() }
        guard let element = type.map({ String($0.dropFirst()) }) ?? values.first?.signature else {
            throw error("a type before an empty array, such as @as []")
        }
        guard values.allSatisfy({ $0.signature == element }) else { throw error("elements of one type, \(element)") }
        return .array(of: element, values)
    }

    private mutating func structure(of type: Substring?) throws(BusValueSyntaxError) -> BusValue {
        let types = type.map(Self.members)
        let members = try list(")") { index in types.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
        let value = BusValue.structure(members)
        if let type, value.signature != type { throw error("a value of type \(type)") }
        return value
    }

    private mutating func variant() throws(BusValueSyntaxError) -> BusValue {
        rest.removeFirst()
        let inner = try value(of: nil)
        skipBlanks()
        guard rest.popFirst() == ">" else { throw error(">") }
        return .variant(inner)
    }

    /// From an opening bracket to `end`, with commas between, and one more at the end if need be.
    private mutating func list(_ end: Character, _ type: (Int) -> Substring?) throws(BusValueSyntaxError) -> [BusValue]
    {
        rest.removeFirst()
        var values: [BusValue] = []
        while true {
            skipBlanks()
            if rest.first == end { break }
            values.append(try value(of: type(values.count)))
            skipBlanks()
            if rest.first == "," { rest.removeFirst() } else if rest.first != end { throw error("\(end)") }
        }
        rest.removeFirst()
        return values
    }

    /// The members' types of a structure's: `(st)` is `s` and `t`.
    private static func members(_ type: Substring) -> [Substring] {
        guard type.hasPrefix("("), type.hasSuffix(")") else { return [] }
        var rest = type.dropFirst().dropLast()
        var types: [Substring] = []
        while !rest.isEmpty {
            let first = rest.prefix(completeType(rest))
            types.append(first)
            rest = rest.dropFirst(first.count)
        }
        return types
    }

    /// How long the first complete type of a signature is.
    private static func completeType(_ signature: Substring) -> Int {
        var open = 0
        for (index, letter) in signature.enumerated() {
            if letter == "(" { open += 1 }
            if letter == ")" { open -= 1 }
            if open == 0, letter != "a" { return index + 1 }
        }
        return signature.count
    }

    private mutating func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }

    private func error(_ expected: String) -> BusValueSyntaxError {
        BusValueSyntaxError(description: "expected \(expected), got \"\(rest.prefix(20))\"")
    }
}
