/// `print` and `printf` as in Go's package fmt, for the values that a template has.
enum GoFormat {
    /// A space stands between two values when neither is a string.
    static func print(_ values: [JSONValue]) -> String {
        var text = ""
        for (number, value) in values.enumerated() {
            if number > 0, !value.isString, !values[number - 1].isString { text += " " }
            text += value.formatted
        }
        return text
    }

    /// One `%…` of a format: flags, width, precision, and the letter that says how.
    private struct Verb {
        var isLeft = false
        var padsWithZeros = false
        var showsPlus = false
        var isAlternate = false
        var width = 0
        var precision: Int?
        var letter: Character = "v"
    }

    static func printf(_ values: [JSONValue]) throws(TemplateError) -> String {
        guard let format = values.first else { throw TemplateError("printf needs a format") }
        var rest = try format.string(for: "printf")[...]
        var arguments = values.dropFirst()
        var text = ""
        while let character = rest.popFirst() {
            guard character == "%" else {
                text.append(character)
                continue
            }
            guard let verb = readVerb(&rest) else {
                text += "%!(NOVERB)"
                break
            }
            if verb.letter == "%" {
                text += "%"
            } else if let value = arguments.popFirst() {
                text += pad(apply(verb, value), verb)
            } else {
                text += "%!\(verb.letter)(MISSING)"
            }
        }
        if !arguments.isEmpty { text += "%!(EXTRA \(arguments.map(\.formatted).joined(separator: ", ")))" }
        return text
    }

    private static func readVerb(_ rest: inout Substring) -> Verb? {
        var verb = Verb()
        while let flag = rest.first, "-+0# ".contains(flag) {
            switch flag {
            case "-": verb.isLeft = true
            case "+": verb.showsPlus = true
            case "0": verb.padsWithZeros = true
            case "#": verb.isAlternate = true
            default: break
            }
            rest.removeFirst()
        }
        verb.width = readNumber(&rest) ?? 0
        if rest.first == "." {
            rest.removeFirst()
            verb.precision = readNumber(&rest) ?? 0
        }
        guard let letter = rest.popFirst() else { return nil }
        verb.letter = letter
        return verb
    }

    /// Widths are bounded: a format must not ask for gigabytes of spaces.
    private static func readNumber(_ rest: inout Substring) -> Int? {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? nil : min(Int(digits) ?? 4096, 4096)
    }

    private static func apply(_ verb: Verb, _ value: JSONValue) -> String {
        switch (verb.letter, value) {
        case ("v", _): return value.formatted
        case ("s", .string(let text)): return verb.precision.map { String(text.prefix($0)) } ?? text
        case ("s", .array), ("s", .object): return value.formatted
        case ("q", .string(let text)):
            var quoted = ""
            JSONValue.appendQuoted(text, to: &quoted)
            return quoted
        case ("t", .bool): return value.formatted
        case ("d", .integer(let number)): return (verb.showsPlus && number >= 0 ? "+" : "") + String(number)
        case ("x", .integer(let number)): return (verb.isAlternate ? "0x" : "") + String(number, radix: 16)
        case ("X", .integer(let number)): return String(number, radix: 16, uppercase: true)
        case ("o", .integer(let number)): return String(number, radix: 8)
        case ("b", .integer(let number)): return String(number, radix: 2)
        case ("x", .string(let text)): return text.utf8.map { hexadecimal($0) }.joined()
        case ("f", .number(let number)): return fixed(number, digits: verb.precision ?? 6)
        default: return "%!\(verb.letter)(\(goType(of: value))=\(value.formatted))"
        }
    }

    private static func pad(_ text: String, _ verb: Verb) -> String {
        let missing = verb.width - text.count
        guard missing > 0 else { return text }
        if verb.isLeft { return text + String(repeating: " ", count: missing) }
        let zeros = verb.padsWithZeros && "dxXobf".contains(verb.letter)
        guard zeros, let sign = text.first, sign == "-" || sign == "+" else {
            return String(repeating: zeros ? "0" : " ", count: missing) + text
        }
        return String(sign) + String(repeating: "0", count: missing) + text.dropFirst()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }

    private static func fixed(_ number: Double, digits: Int) -> String {
        let digits = min(digits, 15)
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        guard let scaled = Int64(exactly: (abs(number) * scale).rounded(.toNearestOrEven)) else { return "\(number)" }
        let all = String(scaled)
        let padded = String(repeating: "0", count: max(0, digits + 1 - all.count)) + all
        let sign = number < 0 ? "-" : ""
        return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    private static func goType(of value: JSONValue) -> String {
        switch value {
        case .null: "<nil>"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float64"
        case .string: "string"
        case .array: "[]"
        case .object: "map"
        }
    }
}

extension JSONValue {
    fileprivate var isString: Bool {
        if case .string = self { true } else { false }
    }
}
