import LinuxKernel
import Testing

@Suite("Timestamps are RFC 3339 in UTC")
struct TimestampTests {
    @Test(
        "a moment has nine digits of a second, so that texts sort as moments do",
        arguments: [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (1_709_164_800_000_000_001, "2024-02-29T00:00:00.000000001Z"),
            (1_795_489_445_123_456_789, "2026-11-24T03:04:05.123456789Z"),
        ] as [(UInt64, String)])
    func text(nanoseconds: UInt64, text: String) {
        #expect(Timestamp(nanoseconds: nanoseconds).description == text)
        #expect(Timestamp(text) == Timestamp(nanoseconds: nanoseconds))
    }

    @Test("any number of digits of a second and any offset is read")
    func offsets() {
        #expect(Timestamp("2026-11-24T03:04:05Z") == Timestamp("2026-11-24T05:04:05.000+02:00"))
        #expect(Timestamp("2026-11-24T03:04:05.1234567891234-05:30")?.nanoseconds == 1_795_509_245_123_456_789)
    }

    @Test("what 64 bits of nanoseconds do not reach is refused, and does not trap")
    func far() {
        #expect(Timestamp("2554-07-21T23:34:33.709551615Z")?.nanoseconds == .max)
        #expect(Timestamp("2554-07-21T23:34:33.709551616Z") == nil)
        #expect(Timestamp("2554-07-21T23:34:34Z") == nil)
        #expect(Timestamp("9999-12-31T23:59:59Z") == nil)
    }

    @Test(
        "what is no date is refused",
        arguments: [
            "", "now", "2026-11-24", "2026-13-01T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T03:04:05",
            "2026-11-24T03:04:05.Z", "2026-11-24T03:04:05Zjunk", "1969-12-31T23:59:59Z", "2026-11-24T03:04:05+2:00",
        ])
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
