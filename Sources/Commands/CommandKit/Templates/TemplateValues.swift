/// How Go looks at values: as text, as conditions, as something to walk through.
extension JSONValue {
    /// What `{{.X}}` prints: Go's `%v`. What is null in an inspection is a list without elements, most of the time.
    var formatted: String {
        switch self {
        case .null: "[]"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): Self.text(of: value)
        case .string(let value): value
        case .array(let values): "[" + values.map(\.formatted).joined(separator: " ") + "]"
        case .object(let members):
            "map["
                + members.sorted { $0.name < $1.name }.map { "\($0.name):\($0.value.formatted)" }
                .joined(separator: " ") + "]"
        }
    }

    var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let value): !value.isEmpty
        case .array(let values): !values.isEmpty
        case .object(let members): !members.isEmpty
        }
    }

    /// For messages.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// What `range` walks through: a list, an object by sorted keys, or the numbers below one.
    func rounds() throws(TemplateError) -> [(key: JSONValue, value: JSONValue)] {
        switch self {
        case .null: return []
        case .array(let values): return values.enumerated().map { (.integer(Int64($0.offset)), $0.element) }
        case .object(let members): return members.sorted { $0.name < $1.name }.map { (.string($0.name), $0.value) }
        case .integer(let count) where count <= 1 << 20:
            return (0..<max(0, count)).map { (.integer($0), .integer($0)) }
        default: throw TemplateError("range can't walk through \(typeName)")
        }
    }

    /// A string as it is, anything else as it prints.
    var text: String {
        if case .string(let value) = self { return value }
        return formatted
    }

    func string(for function: String) throws(TemplateError) -> String {
        guard case .string(let value) = self else {
            throw TemplateError("\(function) wants a string, not \(typeName)")
        }
        return value
    }

    func integer(for function: String) throws(TemplateError) -> Int {
        guard case .integer(let value) = self else {
            throw TemplateError("\(function) wants a whole number, not \(typeName)")
        }
        return Int(value)
    }
}
