import Harness
import LinuxKernel
import Testing

/// The harness is held to its word before others lean on it.
@Suite("The harness", .leavesNothingBehind)
struct HarnessTests {
    @Test("a program's output, errors and status are told apart")
    func outcome() throws {
        let outcome = try Command("sh", ["-c", "echo out; echo err >&2; exit 7"]).run()
        #expect(outcome.status == 7)
        #expect(outcome.output == "out\n")
        #expect(outcome.errors == "err\n")
    }

    @Test("a program killed by a signal has the status that a shell tells")
    func signal() throws {
        #expect(try Command("sh", ["-c", "kill -TERM $$"]).run().status == 143)
    }

    @Test("a program that does not end in time is killed and told of")
    func deadline() throws {
        let program = try Command("cat", []).changed { $0.input = .open }.start()
        #expect(throws: HarnessError.self) { try program.wait(within: 0.05) }
    }

    @Test("a test talks with a program that runs")
    func conversation() throws {
        let program = try Command("cat").changed { $0.input = .open }.start()
        try program.send("hello\n")
        try program.waitForOutput("hello")
        program.closeInput()
        #expect(try program.wait().status == 0)
    }

    @Test("on a terminal a program sees its size, and Ctrl-C interrupts it")
    func terminal() throws {
        let script = "trap 'echo caught; exit 3' INT; stty size; while :; do read x; done"
        let program = try Command("sh", ["-c", script]).startOnTerminal(TerminalSize(columns: 101, rows: 33))
        try program.waitForOutput("33 101")
        try program.send("\u{3}")
        #expect(try program.wait().status == 3)
        #expect(program.outputSoFar.contains("caught"))
    }

    @Test("what a program leaves running is found, and can be ended")
    func orphans() throws {
        let scratch = try Scratch()
        let fifo = scratch("fifo")
        try Descriptor.workingDirectory.makeFIFO(fifo, mode: 0o600)
        let command = Command("sh", ["-c", "cat \(fifo) & :"]).changed { $0.output = .file(scratch("log")) }
        #expect(try command.run().status == 0)
        #expect(Orphans.living().count == 1)
        try Orphans.killAll()
        #expect(Orphans.living().isEmpty)
    }

    @Test("a folder of one's own is gone afterwards, with mounts that were left in it")
    func scratch() throws {
        var path = ""
        do {
            let scratch = try Scratch()
            path = scratch.path
            try Command("mount", ["-t", "tmpfs", "none", try scratch.directory("mounted")]).succeed()
            try scratch.file("mounted/file", "text")
        }
        #expect(!Files.exists(path))
        #expect(MountTable.ofThisProcess.points(below: path).isEmpty)
    }
}
