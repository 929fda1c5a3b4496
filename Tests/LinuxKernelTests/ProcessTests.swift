import LinuxKernel
import Testing

@Suite("Programs are started with what they are given and nothing else")
struct ProcessTests {
    @Test("a program's exit status and the signal that ends it are told apart")
    func exitStatus() throws {
        #expect(try run("exit 7").shellCode == 7)
        #expect(try run("kill -TERM $$").cause == .signaled(Signal.terminate, coreDumped: false))
    }

    @Test("the program gets the descriptors it is given, in order, and no other")
    func descriptors() throws {
        let pipe = try Pipe().split()
        defer { pipe.reader.close() }
        let leaked = try pipe.reader.duplicate()
        try leaked.descriptor.setCloseOnExec(false)
        let request = SpawnRequest(
            path: "/bin/sh", arguments: ["sh", "-c", "echo /proc/self/fd/*"], environment: [],
            descriptors: [nil, pipe.writer, nil])
        let child = try request.spawn()
        pipe.writer.close()
        // The shell's glob itself holds the directory open, as descriptor 0, the lowest free one.
        #expect(try String(decoding: pipe.reader.readAll(), as: UTF8.self) == "/proc/self/fd/0 /proc/self/fd/1\n")
        _ = try child.wait()
    }

    @Test("a program that is not there is an error of the start, not an exit status")
    func missing() {
        let request = SpawnRequest(path: "/no/such/program", arguments: ["x"], environment: [], descriptors: [])
        #expect(throws: SystemError(.noEntry, "start", "/no/such/program")) { _ = try request.spawn().pid }
    }

    @Test(
        "signals are read by name and number",
        arguments: [
            ("9", 9), ("KILL", 9), ("sigterm", 15), ("SIGRTMIN+3", 37), ("RTMAX-1", 63), ("0", nil), ("65", nil),
            ("NOPE", nil), ("RTMIN+31", nil),
        ] as [(String, CInt?)])
    func signals(name: String, number: CInt?) {
        #expect(Signal.number(named: name) == number)
    }

    private func run(_ script: String) throws -> LinuxKernel.ExitStatus {
        try SpawnRequest(
            path: "/bin/sh", arguments: ["sh", "-c", script], environment: [], descriptors: [nil, nil, nil]
        ).spawn().wait()
    }
}
