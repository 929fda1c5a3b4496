import Testing

@testable import RuntimeEngine

@Suite("A container's state is one file")
struct StateRecordTests {
    private let record = StateRecord(container: Array("{\"id\":\"c\"}".utf8), configuration: Array("{\n}\n\n".utf8))
    private let process = FirstProcess(pid: 29575, startTime: 1_843_193)

    @Test("what is written is read, whatever newlines the configuration has")
    func roundTrip() {
        #expect(StateRecord(record.bytes) == record)
        var created = record
        created.process = process
        #expect(StateRecord(created.bytes) == created)
        #expect(created.bytes == record.bytes + StateRecord.addition(process))
    }

    @Test("a process whose line is not whole is not there yet")
    func halfWritten() {
        let addition = StateRecord.addition(process)
        for length in 0..<addition.count {
            #expect(StateRecord(record.bytes + addition.prefix(length)) == record)
        }
    }

    @Test("a file that ends before its configuration does is refused")
    func cut() {
        for length in 0..<record.bytes.count { #expect(StateRecord(Array(record.bytes.prefix(length))) == nil) }
    }
}
