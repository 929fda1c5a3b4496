/// Reads a document strictly: RFC 8259 and nothing beside it. What no configuration needs is refused as well: nesting
/// that would exhaust the stack, and NUL, which the kernel would take for the end of a path (hostile-config).
struct JSONParser {
    private static let deepest = 512
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    static func parse(_ bytes: [UInt8]) throws(RuntimeSpecError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.next == nil else { throw parser.error("unexpected text behind the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    /// Names the line and column, as an editor counts them.
    private func error(_ problem: String) -> RuntimeSpecError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0a } + 1
        let column = before.count - (before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0) + 1
        return RuntimeSpecError("not valid JSON: line \(line), column \(column): \(problem)")
    }

    // MARK: Values

    private mutating func value() throws(RuntimeSpecError) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "{")?: return try object()
        case UInt8(ascii: "[")?: return try array()
        case UInt8(ascii: "\"")?: return .string(try string())
        case UInt8(ascii: "t")?: return try word("true", .bool(true))
        case UInt8(ascii: "f")?: return try word("false", .bool(false))
        case UInt8(ascii: "n")?: return try word("null", .null)
        case UInt8(ascii: "-")?: return try number()
        case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): return try number()
        case nil: throw error("the document ends here")
        default: throw error("expected a value")
        }
    }

    private mutating func object() throws(RuntimeSpecError) -> JSONValue {
        try enter()
        var members: [(name: String, value: JSONValue)] = []
        skipSpace()
        if take("}") { return leave(.object(members)) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("expected a member's name in quotes") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw error("expected a colon") }
            members.append((name, try value()))
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("expected a comma or }") }
        return leave(.object(members))
    }

    private mutating func array() throws(RuntimeSpecError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return leave(.array(elements)) }
        repeat {
            elements.append(try value())
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("expected a comma or ]") }
        return leave(.array(elements))
    }

    private mutating func enter() throws(RuntimeSpecError) {
        position += 1
        depth += 1
        if depth > Self.deepest { throw error("nested deeper than \(Self.deepest)") }
    }

    private mutating func leave(_ value: JSONValue) -> JSONValue {
        depth -= 1
        return value
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(RuntimeSpecError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error("expected a value") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(RuntimeSpecError) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(RuntimeSpecError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        if position == start { throw error("expected a digit") }
    }
}

// MARK: Strings

extension JSONParser {
    private mutating func string() throws(RuntimeSpecError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        let plain = bytes[start..<position]
        if take("\"") {
            // Most are; to hold the others against UTF-8 takes longer.
            return plain.allSatisfy { $0 < 0x80 } ? String(decoding: plain, as: UTF8.self) : try text(plain)
        }
        var content = Array(plain)
        repeat { try appendPart(to: &content) } while !take("\"")
        return try text(content[...])
    }

    private func text(_ content: ArraySlice<UInt8>) throws(RuntimeSpecError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else { throw error("a string is not UTF-8") }
        return text
    }

    private mutating func appendPart(to content: inout [UInt8]) throws(RuntimeSpecError) {
        guard let byte = next else { throw error("a string has no end") }
        guard byte >= 0x20 else { throw error("a control character in a string") }
        position += 1
        guard byte == UInt8(ascii: "\\") else { return content.append(byte) }
        let escaped = next
        position += 1
        switch escaped {
        case UInt8(ascii: "\"")?, UInt8(ascii: "\\")?, UInt8(ascii: "/")?: content.append(escaped ?? 0)
        case UInt8(ascii: "b")?: content.append(0x08)
        case UInt8(ascii: "f")?: content.append(0x0c)
        case UInt8(ascii: "n")?: content.append(0x0a)
        case UInt8(ascii: "r")?: content.append(0x0d)
        case UInt8(ascii: "t")?: content.append(0x09)
        case UInt8(ascii: "u")?: content += Array(String(try unicode()).utf8)
        default: throw error("no such escape")
        }
    }

    /// One scalar, from one `\uXXXX` or a surrogate pair of them.
    private mutating func unicode() throws(RuntimeSpecError) -> Character {
        var code = try fourDigits()
        if (0xd800..<0xdc00).contains(code), take("\\"), take("u") {
            let low = try fourDigits()
            guard (0xdc00..<0xe000).contains(low) else { throw error("half a character") }
            code = 0x1_0000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard code != 0 else { throw error("a NUL character in a string") }
        guard let scalar = Unicode.Scalar(code) else { throw error("half a character") }
        return Character(scalar)
    }

    private mutating func fourDigits() throws(RuntimeSpecError) -> UInt32 {
        let text = bytes[position...].prefix(4)
        guard text.count == 4, text.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let code = UInt32(String(decoding: text, as: UTF8.self), radix: 16)
        else { throw error("expected four hexadecimal digits") }
        position += 4
        return code
    }
}
