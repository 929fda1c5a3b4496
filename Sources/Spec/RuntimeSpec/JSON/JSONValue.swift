/// A JSON value as it stands in a document, to be read or written: RFC 8259.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// As it is written: what it is meant for decides whether it fits.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In order; a name that stands twice is there twice.
    case object([(name: String, value: JSONValue)])

    public static func integer(_ number: some FixedWidthInteger) -> JSONValue { .number(String(number)) }

    /// How a message names it.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

// MARK: As text

extension JSONValue {
    /// On one line.
    public var line: String {
        switch self {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { "\(Self.quoted($0)):\($1.line)" }.joined(separator: ",") + "}"
        }
    }

    /// With a line a member, two spaces deeper each level.
    public var lines: String { lines(margin: "") }

    private func lines(margin: String) -> String {
        let inner = margin + "  "
        switch self {
        case .object(let members) where !members.isEmpty:
            let parts = members.map { "\(inner)\(Self.quoted($0)): \($1.lines(margin: inner))" }
            return "{\n" + parts.joined(separator: ",\n") + "\n\(margin)}"
        case .array(let elements) where !elements.isEmpty:
            return "[\n" + elements.map { inner + $0.lines(margin: inner) }.joined(separator: ",\n") + "\n\(margin)]"
        default: return line
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { return "\"" + text + "\"" }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case let control where control.value < 0x20: result += "\\u00" + hexadecimal(UInt8(control.value))
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
