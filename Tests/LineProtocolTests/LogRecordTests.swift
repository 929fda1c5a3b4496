import FoundationEssentials
import LineProtocol
import LinuxKernel
import Testing

@Suite("The log is docker's json-file format")
struct LogRecordTests {
    private let time = Timestamp(nanoseconds: 1_795_489_445_123_456_789)

    @Test("a record is one line with log, stream and time")
    func shape() {
        let line = LogRecord.encode(Array("say \"hi\"\\\n".utf8), .standardError, at: time)
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"log":"say \"hi\"\\\n","stream":"stderr","time":"2026-11-24T03:04:05.123456789Z"}"# + "\n")
    }

    @Test(
        "whatever a container writes can be read back",
        arguments: ["", "plain\n", "\u{0}\u{1b}[31m\u{7f}\r\n\t", "größer 日本 🚣\n", "\u{2028}"])
    func roundTrip(text: String) throws {
        let line = LogRecord.encode(Array(text.utf8), .standardOutput, at: time)
        let record = try JSONDecoder().decode(LogRecord.self, from: Data(line))
        #expect(record == LogRecord(log: text, stream: .standardOutput, time: time))
    }

    @Test("bytes that are no UTF-8 become U+FFFD")
    func invalid() throws {
        let line = LogRecord.encode([0x61, 0xff, 0x62], .standardOutput, at: time)
        #expect(try JSONDecoder().decode(LogRecord.self, from: Data(line)).log == "a\u{fffd}b")
    }
}
