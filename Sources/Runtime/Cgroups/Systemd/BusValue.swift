/// A value with its type, as D-Bus has them: D-Bus specification, "Type System". As text it is GVariant's
/// (`uint64 5`, `['a', 'b']`, `@as []`), which annotations and the helper's protocol both use.
public indirect enum BusValue: Hashable, Sendable {
    case boolean(Bool)
    case byte(UInt8)
    case int16(Int16)
    case uint16(UInt16)
    case int32(Int32)
    case uint32(UInt32)
    case int64(Int64)
    case uint64(UInt64)
    case double(Double)
    case string(String)
    /// Elements of one signature, also when there are none.
    case array(of: String, [BusValue])
    case structure([BusValue])
    case variant(BusValue)

    /// D-Bus specification, "Summary of types".
    public var signature: String {
        switch self {
        case .boolean: "b"
        case .byte: "y"
        case .int16: "n"
        case .uint16: "q"
        case .int32: "i"
        case .uint32: "u"
        case .int64: "x"
        case .uint64: "t"
        case .double: "d"
        case .string: "s"
        case .array(let element, _): "a" + element
        case .structure(let members): "(" + members.map(\.signature).joined() + ")"
        case .variant: "v"
        }
    }
}

extension BusValue {
    static func strings(_ values: [String]) -> BusValue { .array(of: "s", values.map(BusValue.string)) }
    static func bytes(_ values: [UInt8]) -> BusValue { .array(of: "y", values.map(BusValue.byte)) }

    /// Of every kind of number; nil for what is none.
    var number: Double? {
        switch self {
        case .byte(let value): Double(value)
        case .int16(let value): Double(value)
        case .uint16(let value): Double(value)
        case .int32(let value): Double(value)
        case .uint32(let value): Double(value)
        case .int64(let value): Double(value)
        case .uint64(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}

extension BusValue: CustomStringConvertible {
    /// GVariant's text with every type said, so that it reads back as the same value.
    public var description: String {
        switch self {
        case .boolean(let value): "\(value)"
        case .byte(let value): "byte \(value)"
        case .int16(let value): "int16 \(value)"
        case .uint16(let value): "uint16 \(value)"
        case .int32(let value): "int32 \(value)"
        case .uint32(let value): "uint32 \(value)"
        case .int64(let value): "int64 \(value)"
        case .uint64(let value): "uint64 \(value)"
        case .double(let value): "double \(value)"
        case .string(let value): Self.quoted(value)
        case .array(let element, let values): "@a\(element) [\(values.map(\.description).joined(separator: ", "))]"
        case .structure(let members):
            "(" + members.map(\.description).joined(separator: ", ") + (members.count == 1 ? ",)" : ")")
        case .variant(let value): "<\(value)>"
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
