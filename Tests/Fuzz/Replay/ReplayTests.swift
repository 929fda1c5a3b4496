import FuzzSubjects
import Harness
import LinuxKernel
import Testing

@Suite("hostile-config: what the fuzzer found stays found")
struct ReplayTests {
    @Test("every document of the corpus is answered, and those that are read are written as they were")
    func replay() throws {
        let corpus = "\(checkout)/spec-fixtures/fuzz"
        let names = Files.names(in: corpus)
        try #require(!names.isEmpty)
        for name in names {
            let bytes = try Descriptor.workingDirectory.readFile("\(corpus)/\(name)")
            // Should it trap, the last line that is read says which one did.
            print("replaying \(name)")
            Subjects.examine(bytes)
        }
    }

    @Test("a document cut short anywhere, or with any one byte another, is answered")
    func mutations() throws {
        let whole = try Descriptor.workingDirectory.readFile("\(checkout)/spec-fixtures/fuzz/process.json")
        for position in whole.indices {
            Subjects.examine(Array(whole[..<position]))
            for byte in [0, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "9"), 0xc3] {
                var changed = whole
                changed[position] = byte
                Subjects.examine(changed)
            }
        }
    }
}
