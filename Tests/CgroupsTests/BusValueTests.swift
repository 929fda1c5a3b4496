import Testing

@testable import Cgroups

@Suite("Values of D-Bus in GVariant's text format")
struct BusValueTests {
    @Test(
        "a text is a value of the type that it says, or of the usual one",
        arguments: [
            ("true", BusValue.boolean(true)), ("5", .int32(5)), ("-0x10", .int32(-16)), ("010", .int32(8)),
            ("uint64 18446744073709551615", .uint64(.max)), ("byte 7", .byte(7)), ("1.5", .double(1.5)),
            ("double 2", .double(2)), ("'it\\'s'", .string("it's")), ("\"a b\"", .string("a b")),
            ("['a', 'b']", .array(of: "s", [.string("a"), .string("b")])), ("@as []", .array(of: "s", [])),
            ("@at [1, 2]", .array(of: "t", [.uint64(1), .uint64(2)])),
            ("@(st) ('a', 5)", .structure([.string("a"), .uint64(5)])), ("<uint32 3>", .variant(.uint32(3))),
        ])
    func reading(_ text: String, _ value: BusValue) throws {
        #expect(try BusValue(text: text) == value)
        #expect(try BusValue(text: "\(value)") == value)
    }

    @Test(
        "what is no value, or none of its type, is refused",
        arguments: [
            "", "uint64 -1", "byte 256", "'open", "[1, 'a']", "[]", "5 6", "(1", "@t 'a'", "word", "@as ['a' 'b']",
            String(repeating: "[", count: 100_000),
        ])
    func nonsense(_ text: String) {
        #expect(throws: BusValueSyntaxError.self) { try BusValue(text: text) }
    }

    @Test("signatures are D-Bus's")
    func signatures() {
        let value = BusValue.array(of: "(sv)", [.structure([.string("a"), .variant(.boolean(true))])])
        #expect(value.signature == "a(sv)")
    }
}
