import Testing

@testable import CommandKit

@Suite struct RenderingTests {
    @Test(
        "durations read as docker writes them",
        arguments: [
            (0, "Less than a second"), (1, "1 second"), (59, "59 seconds"), (60, "About a minute"),
            (119, "About a minute"),
            (120, "2 minutes"), (3599, "59 minutes"), (3600, "About an hour"), (5399, "About an hour"),
            (5400, "2 hours"),
            (47 * 3600, "47 hours"), (48 * 3600, "2 days"), (13 * 86400, "13 days"), (14 * 86400, "2 weeks"),
            (60 * 86400, "2 months"), (729 * 86400, "24 months"), (730 * 86400, "2 years"),
        ])
    func durations(seconds: Int, text: String) {
        #expect(HumanDuration.describe(nanoseconds: UInt64(seconds) * 1_000_000_000) == text)
    }

    @Test(
        "sizes have three digits that count, in units of 1000",
        arguments: [
            (0, "0B"), (999, "999B"), (1000, "1kB"), (1234, "1.23kB"), (12_340_000, "12.3MB"), (123_456_789, "123MB"),
            (1_500_000_000, "1.5GB"), (4_000_000_000_000, "4TB"),
        ])
    func sizes(bytes: Int64, text: String) { #expect(HumanSize.decimal(bytes) == text) }

    @Test("sizes of memory have four digits, in units of 1024")
    func memory() { #expect(HumanSize.binary(25_189_203_968) == "23.46GiB") }

    @Test("columns are ten wide at least and three apart, the last one as it is")
    func tables() {
        let table = TextTable([
            ["ID", "LONG COLUMN", "LAST"], ["1", "a value that is longer", ""], ["äöü", "x", "y z"],
        ])
        #expect(
            table.text == """
                ID        LONG COLUMN              LAST
                1         a value that is longer   \n\
                äöü       x                        y z\n
                """)
    }

    @Test("JSON keeps the order of members, over lines or on one")
    func json() {
        let value = JSONValue.object([
            .init("b", .array([.integer(1), .null])), .init("a", .object([])), .init("c", .array([])),
            .init("d", .string("\u{1}\n\"\\é<")),
        ])
        #expect(value.compact == #"{"b":[1,null],"a":{},"c":[],"d":"\u0001\n\"\\é<"}"#)
        #expect(
            value.indented == """
                {
                    "b": [
                        1,
                        null
                    ],
                    "a": {},
                    "c": [],
                    "d": "\\u0001\\n\\"\\\\é<"
                }
                """)
    }

    private struct Sample: Encodable {
        struct Inner: Encodable {
            var flag = true
            var number: UInt16 = 7
        }
        var zebra = "z"
        var inner = Inner()
        var absent: String?
        var list = [Inner(), Inner()]
        var map = ["b": 1, "a": 2]
        var number = 1.5
    }

    @Test("a value encodes in the order of its declaration, nil as null, dictionaries sorted")
    func encoding() {
        #expect(
            JSONValue(encoding: Sample()).compact
                == #"{"zebra":"z","inner":{"flag":true,"number":7},"absent":null,"list":[{"flag":true,"number":7},{"flag":true,"number":7}],"map":{"a":2,"b":1},"number":1.5}"#
        )
    }
}
