import LineProtocol
import LinuxKernel
import Testing

@Suite("Framing: one JSON object a line")
struct FramingTests {
    @Test("lines come out whole, however the bytes arrive")
    func pieces() throws {
        let text = Array("{\"a\":1}\n\n{\"b\":2}\n{\"c\"".utf8)
        for size in 1...text.count {
            var framer = LineFramer()
            var lines: [String] = []
            for start in stride(from: 0, to: text.count, by: size) {
                let part = Array(text[start..<min(start + size, text.count)])
                lines += try framer.append(part).map { String(decoding: $0.bytes, as: UTF8.self) }
            }
            #expect(lines == ["{\"a\":1}", "{\"b\":2}"])
            #expect(framer.isInsideLine)
        }
    }

    @Test("a line longer than 1 MiB is refused before it is stored whole")
    func tooLong() throws {
        var framer = LineFramer()
        let part = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
        for _ in 0..<15 { #expect(try framer.append(part).isEmpty) }
        #expect(throws: LineFramer.Failure.lineTooLong) { try framer.append(part) }
    }

    @Test("descriptors belong to the last line that had begun when they came")
    func descriptors() throws {
        var framer = LineFramer()
        let one = Descriptor(number: 1001)
        let two = Descriptor(number: 1002)
        let first = try framer.append(Array("first\nsecond\n".utf8), descriptors: [one])
        #expect(first.map(\.descriptors) == [[], [one]])
        #expect(try framer.append(Array("third".utf8), descriptors: [two]).isEmpty)
        #expect(try framer.append(Array(" goes on\n".utf8)).map(\.descriptors) == [[two]])
    }

    @Test("a channel carries lines and descriptors in both directions, and tells the end")
    func channel() throws {
        let ends = try UnixSocket.pair()
        let here = try LineChannel(owning: OwnedDescriptor(owning: ends.0.number))
        var there: LineChannel? = try LineChannel(owning: OwnedDescriptor(owning: ends.1.number))
        let pipe = try Pipe().split()
        try there?.send(Array("with a pipe".utf8), passing: [pipe.reader])
        let line = try #require(try here.waitForLines(milliseconds: 5000).first)
        #expect(line.bytes == Array("with a pipe".utf8))
        try pipe.writer.writeAll("through")
        pipe.writer.close()
        #expect(try line.descriptors[0].readAll() == Array("through".utf8))
        line.closeDescriptors()
        there = nil
        #expect(try here.waitForLines(milliseconds: 5000).isEmpty)
        #expect(here.isAtEnd)
    }

    @Test("a peer that does not read leaves the sender with what is unsent, and loses nothing")
    func stalledPeer() throws {
        let ends = try UnixSocket.pair()
        let here = try LineChannel(owning: OwnedDescriptor(owning: ends.0.number))
        let there = try LineChannel(owning: OwnedDescriptor(owning: ends.1.number))
        let line = [UInt8](repeating: UInt8(ascii: "y"), count: 500_000)
        for _ in 0..<20 { try here.send(line) }
        #expect(here.hasUnsent && here.isPeerStalled)
        var received = 0
        while received < 20 {
            received += try there.waitForLines(milliseconds: 0).count
            try here.flush()
        }
        #expect(!here.hasUnsent)
    }
}
