/// `eq`, `ne`, `lt`, `le`, `gt`, `ge`
enum TemplateComparison {
    static func compare(_ name: String, _ values: [JSONValue]) throws(TemplateError) -> Bool {
        guard values.count == 2 || (name == "eq" && values.count > 2) else {
            throw TemplateError("wrong number of arguments for \(name): want 2, got \(values.count)")
        }
        switch name {
        case "eq":
            for value in values.dropFirst() where try areEqual(values[0], value) { return true }
            return false
        case "ne": return !(try areEqual(values[0], values[1]))
        case "lt": return try isLess(values[0], values[1])
        case "le": return !(try isLess(values[1], values[0]))
        case "gt": return try isLess(values[1], values[0])
        default: return !(try isLess(values[0], values[1]))
        }
    }

    private static func areEqual(_ one: JSONValue, _ other: JSONValue) throws(TemplateError) -> Bool {
        switch (one, other) {
        case (.null, _), (_, .null): return one == other
        case (.integer(let one), .number(let other)), (.number(let other), .integer(let one)):
            return Double(one) == other
        case (.bool, .bool), (.integer, .integer), (.number, .number), (.string, .string): return one == other
        default: throw incompatible(one, other)
        }
    }

    private static func isLess(_ one: JSONValue, _ other: JSONValue) throws(TemplateError) -> Bool {
        switch (one, other) {
        case (.integer(let one), .integer(let other)): return one < other
        case (.number(let one), .number(let other)): return one < other
        case (.integer(let one), .number(let other)): return Double(one) < other
        case (.number(let one), .integer(let other)): return one < Double(other)
        case (.string(let one), .string(let other)): return one < other
        default: throw incompatible(one, other)
        }
    }

    private static func incompatible(_ one: JSONValue, _ other: JSONValue) -> TemplateError {
        TemplateError("can't compare \(one.typeName) with \(other.typeName)")
    }
}
