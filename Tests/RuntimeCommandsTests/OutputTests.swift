import RuntimeSpec
import Testing

@testable import RuntimeCommands

@Suite("Output has runc's shapes")
struct OutputTests {
    @Test("columns are twelve wide at least, and three blanks wider than their widest cell")
    func columns() {
        let text = Columns.text([["ID", "PID", "OWNER"], ["a-long-identifier", "7", "root"]])
        #expect(text == "ID                  PID         OWNER\na-long-identifier   7           root\n")
    }

    @Test("JSON members keep their order, on one line or on many")
    func json() {
        let value = JSONValue.object([
            ("z", .string("a\"b\n\u{1}")), ("a", .array([.integer(1), .integer(-2)])), ("e", .object([])),
        ])
        #expect(value.line == #"{"z":"a\"b\n\u0001","a":[1,-2],"e":{}}"#)
        #expect(value.lines == "{\n  \"z\": \"a\\\"b\\n\\u0001\",\n  \"a\": [\n    1,\n    -2\n  ],\n  \"e\": {}\n}")
    }

    @Test("of ps's table the lines of the container's processes are kept")
    func processTable() throws {
        let table = "UID  PID  CMD\nroot 1    init\nroot 42   sh 1\nroot 142  sh\n"
        #expect(try ProcessTable.only([42], of: table) == "UID  PID  CMD\nroot 42   sh 1\n")
    }

    @Test("a table of ps's without the column PID is refused")
    func noProcessNumbers() {
        #expect(throws: CommandFailure.self) { try ProcessTable.only([1], of: "CMD\nsh\n") }
    }

    @Test("intervals are Go's durations")
    func intervals() {
        let known: [(String, UInt32)] = [("5s", 5000), ("1m30s", 90_000), ("1.5h", 5_400_000), ("100us", 1), ("0s", 0)]
        for (text, milliseconds) in known { #expect(Interval.milliseconds(text) == milliseconds) }
        for text in ["", "5", "s", "1x", "1m30", "-1s", "99999h99999h"] { #expect(Interval.milliseconds(text) == nil) }
    }

    @Test("the example configuration has what runc's has")
    func example() {
        let configuration = ExampleShape.configuration
        #expect(configuration.namespaces == ["pid", "network", "ipc", "uts", "mount"])
        #expect(configuration.destinations.count == 7)
    }
}
