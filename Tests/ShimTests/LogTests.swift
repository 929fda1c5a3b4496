import FoundationEssentials
import LineProtocol
import LinuxKernel
import Testing

@testable import Shim

@Suite("The container's log")
struct LogTests {
    private let first = Timestamp(nanoseconds: 1)
    private let second = Timestamp(nanoseconds: 2)

    /// The records that `reads`, one moment each, and the end of the stream make.
    private func records(_ reads: [String]) -> [(text: String, moment: UInt64)] {
        var lines = LogLines()
        var records: [(String, UInt64)] = []
        let record = { (bytes: ArraySlice<UInt8>, moment: Timestamp) in
            records.append((String(decoding: bytes, as: UTF8.self), moment.nanoseconds))
        }
        for (number, read) in reads.enumerated() {
            lines.append(Array(read.utf8)[...], at: Timestamp(nanoseconds: UInt64(number + 1)), record)
        }
        lines.finish(at: Timestamp(nanoseconds: UInt64(reads.count + 1)), record)
        return records
    }

    @Test("a record is a line, however it was written")
    func lines() {
        let records = records(["one\ntw", "o\n\nthree\nfo", "ur"])
        #expect(records.map(\.text) == ["one\n", "two\n", "\n", "three\n", "four"])
        #expect(records.map(\.moment) == [1, 2, 2, 2, 4])
    }

    @Test("a long line comes in parts of 16 KiB that share a moment; only the last has a newline")
    func parts() {
        let long = String(repeating: "x", count: 40_000)
        let records = records([long, "y\n", "z\n"])
        #expect(records.map(\.text.utf8.count) == [16_384, 16_384, 40_000 - 32_768 + 2, 2])
        #expect(records.map(\.moment) == [1, 1, 1, 3])
        #expect(records.map(\.text).joined() == long + "y\nz\n")
    }

    @Test("a line that just fits is one record, and one byte more is two")
    func border() {
        #expect(records([String(repeating: "x", count: 16_383) + "\n"]).count == 1)
        #expect(records([String(repeating: "x", count: 16_384) + "\n"]).map(\.text.utf8.count) == [16_384, 1])
    }

    @Test("no part ends inside a character", arguments: ["é", "€", "😀"], [0, 1, 2, 3])
    func characters(character: String, offset: Int) {
        let text = String(repeating: "a", count: offset) + String(repeating: character, count: 20_000)
        let records = records([text])
        #expect(records.map(\.text).joined() == text)
        #expect(records.allSatisfy { $0.text.utf8.count <= 16_384 && !$0.text.contains("\u{fffd}") })
    }

    @Test("bytes that are no UTF-8 are cut like any others")
    func invalid() {
        for byte: UInt8 in [0x80, 0xff, 0xf0] {
            let part = [UInt8](repeating: byte, count: 16_384)[...]
            #expect(LogLines.lengthOfWholeCharacters(part) > 16_380)
        }
    }

    @Test("a record that a killed shim left half written is cut off")
    func unfinishedRecord() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            for text in ["{\"whole\":1}\n{\"half", "{\"half", "", "{\"whole\":1}\n"] {
                try Descriptor.workingDirectory.writeDocument(Array(text.utf8), to: path)
                ContainerLog(try LogFile(path: path, maxSize: nil, maxFiles: 1)).take(.standardOutput, [0x61, 0x0a])
                let lines = try Descriptor.workingDirectory.readFile(path).split(separator: 10)
                #expect(lines.count == (text.hasPrefix("{\"whole") ? 2 : 1))
                #expect(String(decoding: lines.last ?? [], as: UTF8.self).hasPrefix(#"{"log":"a\n","#))
            }
        }
    }

    @Test("a full file becomes .1, and the oldest goes")
    func rotation() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            let log = ContainerLog(try LogFile(path: path, maxSize: 300, maxFiles: 3))
            for number in 1...20 { log.take(.standardOutput, Array("line \(number)\n".utf8)[...]) }
            let names = try Descriptor.workingDirectory.entries(of: directory).map(\.name).sorted()
            #expect(names == ["log", "log.1", "log.2"])
            var numbers: [String] = []
            for name in names.reversed() {
                for line in try Descriptor.workingDirectory.readFile(directory + "/" + name).split(separator: 10) {
                    numbers.append(try JSONDecoder().decode(LogRecord.self, from: Data(line)).log)
                }
            }
            #expect(numbers == (1...20).suffix(numbers.count).map { "line \($0)\n" })
            #expect(numbers.count < 20)
        }
    }
}
