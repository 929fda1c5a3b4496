/// Cuts a template into text and the tokens between `{{` and `}}`.
enum TemplateToken: Hashable, Sendable {
    case text(String)
    case open
    case close
    /// `.Name`; the name is empty for a dot alone. `attached`: nothing stands between it and what precedes it.
    case field(String, attached: Bool)
    case variable(String)
    case word(String)
    case constant(JSONValue)
    /// `|`, `(`, `)`, `,`, `=`, `:=`
    case mark(String)
}

struct TemplateLexer {
    private var rest: Substring.UnicodeScalarView
    private var tokens: [TemplateToken] = []

    static func tokens(of template: String) throws(TemplateError) -> [TemplateToken] {
        var lexer = TemplateLexer(rest: template[...].unicodeScalars)
        try lexer.readAll()
        return lexer.tokens
    }

    private mutating func readAll() throws(TemplateError) {
        var trimsLeading = false
        while true {
            var text = readText()
            if trimsLeading { text = Self.trimmingStart(text) }
            let isAtEnd = rest.isEmpty
            if !isAtEnd {
                rest = rest.dropFirst(2)
                if take("- ") || take("-\n") || take("-\t") { text = Self.trimmingEnd(text) }
            }
            if !text.isEmpty { tokens.append(.text(text)) }
            if isAtEnd { return }
            trimsLeading = try readAction()
        }
    }

    private mutating func readText() -> String {
        var text = String.UnicodeScalarView()
        while let next = rest.first, !startsWith("{{") {
            text.append(next)
            rest.removeFirst()
        }
        return String(text)
    }

    /// Reads to the closing braces; tells whether they trim what follows.
    private mutating func readAction() throws(TemplateError) -> Bool {
        let wasSpace = skipSpace()
        if take("/*") { return try readComment() }
        tokens.append(.open)
        var afterSpace = wasSpace
        while true {
            if afterSpace, take("-}}") {
                tokens.append(.close)
                return true
            }
            if take("}}") {
                tokens.append(.close)
                return false
            }
            guard let first = rest.first else { throw TemplateError("an action is not closed with }}") }
            try readToken(first, attached: !afterSpace)
            afterSpace = skipSpace()
        }
    }

    private mutating func readComment() throws(TemplateError) -> Bool {
        while !rest.isEmpty, !take("*/") { rest.removeFirst() }
        let trims = skipSpace() && take("-")
        guard take("}}") else { throw TemplateError("a comment is not closed with */}}") }
        return trims
    }

    private mutating func readToken(_ first: Unicode.Scalar, attached: Bool) throws(TemplateError) {
        switch first {
        case "\"": tokens.append(.constant(.string(try readQuoted())))
        case "`": tokens.append(.constant(.string(try readRaw())))
        case "$":
            rest.removeFirst()
            tokens.append(.variable("$" + readName()))
        case "|", "(", ")", ",", "=":
            rest.removeFirst()
            tokens.append(.mark(String(Character(first))))
        case ":":
            guard take(":=") else { throw TemplateError("unexpected : in a template") }
            tokens.append(.mark(":="))
        case "0"..."9", "-", "+": try readNumber()
        case ".":
            rest.removeFirst()
            tokens.append(.field(readName(), attached: attached))
        default: try readWord(first)
        }
    }

    private mutating func readWord(_ first: Unicode.Scalar) throws(TemplateError) {
        let word = readName()
        switch word {
        case "": throw TemplateError("unexpected \(first) in a template")
        case "true", "false": tokens.append(.constant(.bool(word == "true")))
        case "nil": tokens.append(.constant(.null))
        default: tokens.append(.word(word))
        }
    }

    private mutating func readNumber() throws(TemplateError) {
        var text = ""
        while let next = rest.first,
            next.properties.isAlphabetic || "0"..."9" ~= next || "+-._".unicodeScalars.contains(next)
        {
            text.unicodeScalars.append(next)
            rest.removeFirst()
        }
        if let number = Int64(text) {
            tokens.append(.constant(.integer(number)))
        } else if let number = Double(text) {
            tokens.append(.constant(.number(number)))
        } else {
            throw TemplateError("\(text) is no number")
        }
    }

    private mutating func readQuoted() throws(TemplateError) -> String {
        rest.removeFirst()
        var text = ""
        while let next = rest.popFirst() {
            switch next {
            case "\"": return text
            case "\n": throw TemplateError("a string is not closed")
            case "\\": text.unicodeScalars.append(try readEscape())
            default: text.unicodeScalars.append(next)
            }
        }
        throw TemplateError("a string is not closed")
    }

    private mutating func readEscape() throws(TemplateError) -> Unicode.Scalar {
        switch rest.popFirst() {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "0": return "\0"
        case let other? where "\\\"'".unicodeScalars.contains(other): return other
        case let other: throw TemplateError("\\\(other.map(String.init) ?? "") is no escape of a string")
        }
    }

    private mutating func readRaw() throws(TemplateError) -> String {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: "`") else { throw TemplateError("a raw string is not closed") }
        defer { rest = rest[rest.index(after: end)...] }
        return String(rest[..<end])
    }

    private mutating func readName() -> String {
        var name = ""
        while let next = rest.first, next == "_" || next.properties.isAlphabetic || "0"..."9" ~= next {
            name.unicodeScalars.append(next)
            rest.removeFirst()
        }
        return name
    }

    private mutating func skipSpace() -> Bool {
        let before = rest.startIndex
        while let next = rest.first, next.properties.isWhitespace { rest.removeFirst() }
        return rest.startIndex != before
    }

    private func startsWith(_ text: String) -> Bool { rest.starts(with: text.unicodeScalars) }

    private mutating func take(_ text: String) -> Bool {
        guard startsWith(text) else { return false }
        rest = rest.dropFirst(text.unicodeScalars.count)
        return true
    }

    private static func trimmingStart(_ text: String) -> String { String(text.drop { $0.isWhitespace }) }
    private static func trimmingEnd(_ text: String) -> String {
        String(trimmingStart(String(text.reversed())).reversed())
    }
}
