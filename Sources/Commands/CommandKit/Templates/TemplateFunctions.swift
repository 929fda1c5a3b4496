/// The functions of a template: Go's own, and those that docker adds.
enum TemplateFunctions {
    static let names: Set<String> = [
        "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "index", "slice", "len", "print", "printf", "println",
        "json", "join", "split", "title", "lower", "upper", "pad", "truncate",
    ]

    /// Of Go's functions, those that are left out.
    private static let leftOut: Set<String> = ["call", "html", "js", "urlquery"]

    static func unknown(_ name: String) -> TemplateError {
        TemplateError(
            leftOut.contains(name) ? "function \"\(name)\" is not supported" : "function \"\(name)\" not defined")
    }

    /// In a line of headings a function that changes text shows the heading itself.
    static func heading(_ name: String, _ values: [JSONValue]) -> JSONValue? {
        ["json", "title", "lower", "upper", "truncate", "join", "split"].contains(name) ? values.first : nil
    }

    static func call(_ name: String, _ values: [JSONValue]) throws(TemplateError) -> JSONValue {
        switch name {
        case "not": return .bool(!(try one(name, values)).isTrue)
        case "eq", "ne", "lt", "le", "gt", "ge": return .bool(try TemplateComparison.compare(name, values))
        case "index": return try index(values)
        case "slice": return try slice(values)
        case "len": return try length(try one(name, values))
        case "print": return .string(GoFormat.print(values))
        case "println": return .string(values.map(\.formatted).joined(separator: " ") + "\n")
        case "printf": return .string(try GoFormat.printf(values))
        case "json": return .string(try one(name, values).compact)
        case "split": return try split(values)
        default: return .string(try textFunction(name, values))
        }
    }

    private static func textFunction(_ name: String, _ values: [JSONValue]) throws(TemplateError) -> String {
        switch name {
        case "join": return try join(values)
        case "title": return title(try one(name, values).string(for: name))
        case "lower": return try one(name, values).string(for: name).lowercased()
        case "upper": return try one(name, values).string(for: name).uppercased()
        case "pad": return try pad(values)
        case "truncate": return try truncate(values)
        default: throw unknown(name)
        }
    }

    private static func one(_ name: String, _ values: [JSONValue]) throws(TemplateError) -> JSONValue {
        try count(name, values, 1)
        return values[0]
    }

    private static func count(_ name: String, _ values: [JSONValue], _ wanted: Int) throws(TemplateError) {
        guard values.count == wanted else {
            throw TemplateError("wrong number of arguments for \(name): want \(wanted), got \(values.count)")
        }
    }

    // MARK: Lists and objects

    /// `index x 1 "a"`: `x[1]["a"]`. A key that is not there gives an empty string, as from docker's maps.
    private static func index(_ values: [JSONValue]) throws(TemplateError) -> JSONValue {
        guard var value = values.first else { throw TemplateError("index needs a list or an object") }
        for key in values.dropFirst() {
            switch (value, key) {
            case (.array(let elements), .integer(let position)):
                guard elements.indices.contains(Int(position)) else {
                    throw TemplateError("index out of range: \(position)")
                }
                value = elements[Int(position)]
            case (.object, .string(let name)): value = value[name] ?? .string("")
            case (.null, _): value = .string("")
            default: throw TemplateError("can't index \(value.typeName) with \(key.typeName)")
            }
        }
        return value
    }

    /// `slice x 1 2`: `x[1:2]`
    private static func slice(_ values: [JSONValue]) throws(TemplateError) -> JSONValue {
        guard let value = values.first, (1...3).contains(values.count) else {
            throw TemplateError("slice wants a string or a list, and at most two positions")
        }
        let size = try length(value).integer(for: "slice")
        let start = values.count > 1 ? try values[1].integer(for: "slice") : 0
        let end = values.count > 2 ? try values[2].integer(for: "slice") : size
        guard 0 <= start, start <= end, end <= size else {
            throw TemplateError("slice out of range: \(start) to \(end)")
        }
        switch value {
        case .array(let elements): return .array(Array(elements[start..<end]))
        default: return .string(String(decoding: Array(value.text.utf8)[start..<end], as: UTF8.self))
        }
    }

    private static func length(_ value: JSONValue) throws(TemplateError) -> JSONValue {
        switch value {
        case .null: return .integer(0)
        case .string(let text): return .integer(Int64(text.utf8.count))
        case .array(let elements): return .integer(Int64(elements.count))
        case .object(let members): return .integer(Int64(members.count))
        default: throw TemplateError("len of \(value.typeName)")
        }
    }

    private static func join(_ values: [JSONValue]) throws(TemplateError) -> String {
        try count("join", values, 2)
        let separator = try values[1].string(for: "join")
        switch values[0] {
        case .null: return ""
        case .array(let elements): return elements.map(\.text).joined(separator: separator)
        default: throw TemplateError("join wants a list, not \(values[0].typeName)")
        }
    }

    private static func split(_ values: [JSONValue]) throws(TemplateError) -> JSONValue {
        try count("split", values, 2)
        let text = try values[0].string(for: "split")
        let separator = try values[1].string(for: "split")
        if separator.isEmpty { return .array(text.map { .string(String($0)) }) }
        var parts: [JSONValue] = []
        var rest = text[...]
        while let (before, after) = rest.cut(at: separator) {
            parts.append(.string(String(before)))
            rest = after
        }
        return .array(parts + [.string(String(rest))])
    }

    // MARK: Text

    /// The first letter of every word in upper case.
    private static func title(_ text: String) -> String {
        var atStart = true
        return String(
            text.map { character in
                defer { atStart = character.isWhitespace }
                return atStart ? Character(character.uppercased()) : character
            })
    }

    private static func pad(_ values: [JSONValue]) throws(TemplateError) -> String {
        try count("pad", values, 3)
        let text = try values[0].string(for: "pad")
        if text.isEmpty { return text }
        let before = try values[1].integer(for: "pad")
        let after = try values[2].integer(for: "pad")
        guard (0...4096).contains(before), (0...4096).contains(after) else { throw TemplateError("pad out of range") }
        return String(repeating: " ", count: before) + text + String(repeating: " ", count: after)
    }

    private static func truncate(_ values: [JSONValue]) throws(TemplateError) -> String {
        try count("truncate", values, 2)
        let length = try values[1].integer(for: "truncate")
        guard length >= 0 else { throw TemplateError("truncate to a negative length") }
        return String(try values[0].string(for: "truncate").prefix(length))
    }
}

extension Substring {
    /// What stands before and behind the first `separator`, which is not empty; nil if there is none.
    func cut(at separator: String) -> (Substring, Substring)? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(separator) {
                return (self[..<start], self[start...].dropFirst(separator.count))
            }
            formIndex(after: &start)
        }
        return nil
    }
}
