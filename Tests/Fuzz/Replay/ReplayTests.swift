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

    @Test("line-flood: for every method of the protocol the corpus has parameters that it reads")
    func parameters() throws {
        let corpus = "\(checkout)/spec-fixtures/fuzz"
        let reached = try Files.names(in: corpus).reduce(into: Set<String>()) { reached, name in
            try reached.formUnion(
                ProtocolSubjects.readers(of: Descriptor.workingDirectory.readFile("\(corpus)/\(name)")))
        }
        #expect(ProtocolSubjects.names.subtracting(reached).isEmpty)
    }

    @Test("line-flood: what a client sends is answered if it is cut short anywhere, or any one byte is another")
    func lines() throws { try mutate("lines.jsonl") }

    @Test("a document cut short anywhere, or with any one byte another, is answered")
    func mutations() throws { try mutate("process.json") }

    private func mutate(_ name: String) throws {
        let whole = try Descriptor.workingDirectory.readFile("\(checkout)/spec-fixtures/fuzz/\(name)")
        for position in whole.indices {
            Subjects.examine(Array(whole[..<position]))
            for byte in [0, 10, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "9"), 0xc3] {
                var changed = whole
                changed[position] = byte
                Subjects.examine(changed)
            }
        }
    }
}
