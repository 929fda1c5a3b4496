import LineProtocol
import LinuxKernel
import Testing

@testable import Engine

@Suite("What ps prints, for top")
struct ProcessTableTests {
    @Test("is cut down to the container's processes, and the last column keeps its spaces")
    func rows() throws {
        let output = """
            UID          PID    PPID CMD
            root           1       0 /sbin/init
            root          70       1 sh -c sleep  100
            root         700      70 sleep 100

            """
        let table = try ProcessTable.rows(of: output, about: [70, 700])
        #expect(table.titles == ["UID", "PID", "PPID", "CMD"])
        #expect(table.processes == [["root", "70", "1", "sh -c sleep 100"], ["root", "700", "70", "sleep 100"]])
    }

    @Test("threads follow their process")
    func threads() throws {
        let output = "  PID TTY CMD\n  1 ? a\n  - - -\n  2 ? b\n  - - -\n"
        #expect(try ProcessTable.rows(of: output, about: [2]).processes == [["2", "?", "b"], ["-", "-", "-"]])
    }

    @Test("a table without PID, or with another column of that name, is refused")
    func refusals() {
        #expect(throws: ProtocolFailure.self) { _ = try ProcessTable.rows(of: "TTY CMD\n? a\n", about: [1]) }
        for options in [["-o", "ppid=PID"], ["-eo", "pid,user=PIDS"]] {
            #expect(throws: ProtocolFailure.self) { try ProcessTable.check(options) }
        }
        #expect(throws: Never.self) { try ProcessTable.check(["-eo", "pid=PID,cmd"]) }
    }
}
