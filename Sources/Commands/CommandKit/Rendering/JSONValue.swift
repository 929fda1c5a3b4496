/// A value of RFC 8259 whose objects keep the order of their members, as people read them.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// An object of strings, in this order.
    public static func strings(_ members: KeyValuePairs<String, String>) -> JSONValue {
        .object(members.map { Member($0.key, .string($0.value)) })
    }

    /// The member `name` of an object; nil if there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

// MARK: Text

extension JSONValue {
    /// On one line, with no spaces.
    public var compact: String { write(indent: nil) }

    /// Over lines, four spaces a level, as `docker inspect` does.
    public var indented: String { write(indent: 4) }

    private func write(indent: Int?) -> String {
        var text = ""
        append(to: &text, indent: indent, level: 0)
        return text
    }

    private func append(to text: inout String, indent: Int?, level: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.text(of: value)
        case .string(let value): Self.appendQuoted(value, to: &text)
        case .array(let values):
            Self.appendList("[", values, "]", to: &text, indent: indent, level: level) { value, text in
                value.append(to: &text, indent: indent, level: level + 1)
            }
        case .object(let members):
            Self.appendList("{", members, "}", to: &text, indent: indent, level: level) { member, text in
                Self.appendQuoted(member.name, to: &text)
                text += indent == nil ? ":" : ": "
                member.value.append(to: &text, indent: indent, level: level + 1)
            }
        }
    }

    private static func appendList<Element>(
        _ opening: String, _ elements: [Element], _ closing: String, to text: inout String, indent: Int?, level: Int,
        _ appendElement: (Element, inout String) -> Void
    ) {
        text += opening
        for (number, element) in elements.enumerated() {
            if number > 0 { text += "," }
            appendLineBreak(to: &text, indent: indent, level: level + 1)
            appendElement(element, &text)
        }
        if !elements.isEmpty { appendLineBreak(to: &text, indent: indent, level: level) }
        text += closing
    }

    private static func appendLineBreak(to text: inout String, indent: Int?, level: Int) {
        guard let indent else { return }
        text += "\n" + String(repeating: " ", count: indent * level)
    }

    /// A number that is whole is written without a point.
    static func text(of number: Double) -> String {
        if let whole = Int64(exactly: number) { return String(whole) }
        return number.isFinite ? "\(number)" : "null"
    }

    /// A string of JSON, with its quotes.
    static func appendQuoted(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{c}": text += "\\f"
            case "\0"..<" ", "\u{2028}", "\u{2029}": text += "\\u" + hexadecimal(scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
