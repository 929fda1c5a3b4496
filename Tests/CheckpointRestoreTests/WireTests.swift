import Testing

@testable import CheckpointRestore

@Suite("Protocol Buffers' wire format, as far as CRIU needs it")
struct WireTests {
    private func written(_ write: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        write(&writer)
        return writer.bytes
    }

    @Test("a number is written seven bits a byte, the lowest first, behind its field and type")
    func numbers() {
        #expect(written { $0.write(UInt32(150), as: 1) } == [0x08, 0x96, 0x01])
        #expect(written { $0.write(UInt32(0), as: 2) } == [0x10, 0x00])
        #expect(written { $0.write(true, as: 16) } == [0x80, 0x01, 0x01])
    }

    @Test("a negative number takes ten bytes")
    func negative() {
        let bytes = written { $0.write(Int32(-1), as: 1) }
        #expect(bytes == [0x08] + [UInt8](repeating: 0xff, count: 9) + [0x01])
    }

    @Test("text is written with its length in bytes, and what is nil is not written")
    func text() {
        #expect(written { $0.write("testing", as: 2) } == [0x12, 0x07] + Array("testing".utf8))
        #expect(written { $0.write("é", as: 2) } == [0x12, 0x02, 0xc3, 0xa9])
        #expect(written { $0.write(nil as String?, as: 2) }.isEmpty)
    }

    @Test("what was written is read", arguments: [Int32.min, -1, 0, 1, 127, 128, 300, .max])
    func roundTrip(_ number: Int32) throws {
        let bytes = written {
            $0.write(number, as: 3)
            $0.write("word", as: 500)
        }
        let fields = try WireField.all(of: bytes)
        #expect(fields[number: 3]?.int32 == number)
        #expect(fields[number: 500]?.text == "word")
        #expect(fields[number: 4] == nil)
    }

    @Test("the last of several values counts, and fields of fixed width are passed over")
    func unusual() throws {
        let fixed: [UInt8] = [0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8]
        let fields = try WireField.all(of: [0x18, 1] + fixed + [0x18, 2])
        #expect(fields.count == 2)
        #expect(fields[number: 3]?.int32 == 2)
    }

    @Test(
        "bytes that are no message are refused",
        arguments: [
            [0x08], [0x08, 0x80], [0x12, 0x05, 0x61],
            [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [0x0b], [0x0c], [0x0f], [0x00, 0x01], [0x11, 1, 2], [0x08] + [UInt8](repeating: 0xff, count: 11),
        ] as [[UInt8]])
    func malformed(_ bytes: [UInt8]) {
        #expect(throws: WireError.self) { try WireField.all(of: bytes) }
    }

    @Test("whatever the bytes are, a response is read or refused")
    func anything() {
        var generator = SystemRandomNumberGenerator()
        for length in 0..<2000 {
            let bytes = (0..<(length % 64)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = try? CriuResponse(bytes)
        }
    }
}
