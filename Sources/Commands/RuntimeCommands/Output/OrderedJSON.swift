/// JSON whose members keep their order, as those that read runc's output with sed and grep expect.
indirect enum OrderedJSON {
    case object([(String, OrderedJSON)])
    case array([OrderedJSON])
    case text(String)
    case number(Int64)

    /// On one line.
    var line: String {
        switch self {
        case .object(let members): "{" + members.map { "\(Self.quoted($0)):\($1.line)" }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
        case .text(let text): Self.quoted(text)
        case .number(let number): "\(number)"
        }
    }

    /// With a line a member, two spaces deeper each level.
    var lines: String { lines(margin: "") }

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
