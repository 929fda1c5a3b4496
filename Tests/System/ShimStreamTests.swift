import FoundationEssentials
import Harness
import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("A shim owns its container's streams", .leavesNothingBehind)
struct ShimStreamTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func shim(
        _ script: String, terminal: Bool = false, _ options: [String], by runtime: String = "wherry-runtime"
    )
        throws -> TestShim
    {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script]) { $0.process?.terminal = terminal }
        return try TestShim(bundle, in: scratch, by: runtime, options: options + (terminal ? ["--terminal"] : []))
    }

    private let noLog = ["--log-driver", "none"]

    private func records() throws -> [LogRecord] {
        try Files.read(scratch("container.log")).split(separator: "\n").map {
            try JSONDecoder().decode(LogRecord.self, from: Data($0.utf8))
        }
    }

    @Test("output reaches the client from the first byte, and the log by line", arguments: TestShim.runtimes)
    func output(_ runtime: String) throws {
        let shim = try shim("echo out; echo err >&2; printf tail", TestShim.logOptions(scratch), by: runtime)
        let client = try shim.connect()
        let ends = try client.start(ShimClient.output)
        #expect(try ends.map { try $0.text() } == ["out\ntail", "err\n"])
        _ = try client.wait()
        let records = try records()
        #expect(records.filter { $0.stream == .standardOutput }.map(\.log) == ["out\n", "tail"])
        #expect(records.filter { $0.stream == .standardError }.map(\.log) == ["err\n"])
        try shim.finish(client)
    }

    @Test("several clients read all and may all write; the first one's end is the input's end")
    func severalClients() throws {
        let shim = try shim("cat", noLog + ["--stdin", "--stdin-once"])
        let client = try shim.connect()
        let one = try client.start(ShimClient.all)
        let two = try client.call(ShimAttach.self, ShimClient.all).ends
        try two[0].writeAll("from two\n")
        #expect(String(decoding: try one[1].read(upTo: 100), as: UTF8.self) == "from two\n")
        try one[0].writeAll("from one\n")
        one[0].close()
        #expect(try one[1].text() == "from one\n")
        #expect(try two[1].text() == "from two\nfrom one\n")
        for end in [one[2], two[0], two[2]] { end.close() }
        #expect(try client.wait().exitCode == 0)
        try shim.finish(client)
    }

    @Test("without stdin-once input stays open when a client goes")
    func inputStays() throws {
        let shim = try shim("read x; read y; echo $x$y", noLog + ["--stdin"])
        let client = try shim.connect()
        let one = try client.start(AttachRequest(standardInput: true, standardOutput: false, standardError: false))
        try one[0].writeAll("a\n")
        one[0].close()
        let two = try client.call(ShimAttach.self, ShimClient.all).ends
        try two[0].writeAll("b\n")
        #expect(try two[1].text() == "ab\n")
        for end in [two[0], two[2]] { end.close() }
        _ = try client.wait()
        try shim.finish(client)
    }

    @Test("a terminal has one output, and the size it is given", arguments: TestShim.runtimes)
    func terminal(_ runtime: String) throws {
        let script = "stty size; read x; stty size; test -t 0 && echo got $x; exit 3"
        let shim = try shim(script, terminal: true, ["--stdin"] + TestShim.logOptions(scratch), by: runtime)
        let client = try shim.connect()
        let ends = try client.start(ShimClient.all, size: WindowSize(columns: 91, rows: 33))
        #expect(ends.count == 2)
        var output = ""
        while !output.contains("33 91") { output += String(decoding: try ends[1].read(upTo: 100), as: UTF8.self) }
        let size = ShimResize.Parameters(exec: nil, size: WindowSize(columns: 100, rows: 50))
        _ = try client.call(ShimResize.self, size)
        try ends[0].writeAll("it\n")
        output += try ends[1].text()
        #expect(output.contains("50 100\r\ngot it\r\n"))
        #expect(try client.wait().exitCode == 3)
        #expect(try records().allSatisfy { $0.stream == .standardOutput })
        ends[0].close()
        try shim.finish(client)
    }

    @Test("a terminal that nobody has open for a while has not ended")
    func reopenedTerminal() throws {
        let script = "exec </dev/null >/dev/null 2>&1; sleep 0.3; echo again >/dev/console; sleep 0.3"
        let shim = try shim(script, terminal: true, noLog)
        let client = try shim.connect()
        let ends = try client.start(ShimClient.output)
        #expect(try ends[0].text() == "again\r\n")
        _ = try client.wait()
        try shim.finish(client)
    }

    @Test("a client that does not read makes the container wait; it misses nothing, and memory stays bounded")
    func slowClient() throws {
        let shim = try shim("yes 0123456 | head -c 8000000", noLog)
        let client = try shim.connect()
        let ends = try client.start(ShimClient.output)
        let gone = try client.call(ShimAttach.self, ShimClient.output).ends
        for end in gone { end.close() }
        try eventually("the container waits") {
            let before = try shim.memory("VmRSS")
            _ = try client.call(ShimState.self, Nothing())
            return try shim.memory("VmRSS") == before
        }
        #expect(try client.call(ShimState.self, Nothing()).result.phase == .running)
        #expect(try ends[0].text().utf8.count == 8_000_000)
        ends[1].close()
        #expect(try client.wait().exitCode == 0)
        #expect(try shim.memory("VmHWM") < 16 << 10)
        try shim.finish(client)
    }

    @Test("a slow client reads to the end though the shim was told to close")
    func slowClientAtEnd() throws {
        let shim = try shim("yes 0123456 | head -c 380000", noLog)
        let client = try shim.connect()
        let ends = try client.start(ShimClient.output)
        #expect(try client.wait().exitCode == 0)
        try client.close()
        #expect(!Files.exists(shim.folder + "/shim.sock"))
        #expect(try ends[0].text().utf8.count == 380_000)
        ends[1].close()
        #expect(try shim.program.wait().status == 0)
    }

    @Test("a client that goes in the middle disturbs nobody, and the log is whole")
    func clientGoes() throws {
        let shim = try shim("yes 0123456 | head -c 800000", TestShim.logOptions(scratch))
        let client = try shim.connect()
        let ends = try client.start(ShimClient.output)
        _ = try ends[0].read(upTo: 10)
        for end in ends { end.close() }
        #expect(try client.wait().exitCode == 0)
        #expect(try records().count == 100_000)
        try shim.finish(client)
    }

    @Test("characters stay whole where a long line is cut")
    func characters() throws {
        let shim = try shim("printf a; yes é€😀 | head -n 8000 | tr -d '\\n'", TestShim.logOptions(scratch))
        let client = try shim.connect()
        try client.start()
        _ = try client.wait()
        let records = try records()
        #expect(records.count > 4)
        #expect(records.allSatisfy { $0.log.utf8.count <= 16 << 10 })
        #expect(records.map(\.log).joined() == "a" + String(repeating: "é€😀", count: 8000))
        try shim.finish(client)
    }
}
