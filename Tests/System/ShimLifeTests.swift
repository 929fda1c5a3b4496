import FoundationEssentials
import Harness
import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("A shim brings its container to life and records its end", .leavesNothingBehind)
struct ShimLifeTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func shim(_ script: String, by runtime: String, _ options: [String] = ["--log-driver", "none"]) throws
        -> TestShim
    {
        try TestShim(Bundle(in: scratch, running: ["sh", "-c", script]), in: scratch, by: runtime, options: options)
    }

    @Test(
        "the exit code is the process's own, or 128 plus the signal; it is on disk when it is told",
        arguments: TestShim.runtimes, [("true", 0), ("exit 7", 7), ("kill -9 $$; sleep 1000", 137)])
    func exitCode(_ runtime: String, _ end: (script: String, code: Int32)) throws {
        let shim = try shim(end.script, by: runtime)
        let client = try shim.connect()
        try client.start()
        // The first process of a namespace does not die of its own signals.
        if end.code == 137 { try client.kill() }
        let record = try client.wait()
        #expect(record.exitCode == end.code)
        #expect(shim.exitRecord == record)
        #expect(try #require(record.started) <= record.finished)
        #expect(try client.call(ShimState.self, Nothing()).result.phase == .exited)
        try shim.finish(client)
    }

    @Test("a shim with nothing to do gives back what it needed for its last deeds")
    func rest() throws {
        let shim = try shim("exec sleep 1000", by: "wherry-runtime")
        let client = try shim.connect()
        try client.start()
        // Its program alone has ten.
        try eventually("it rests") { try shim.memory("VmRSS") < 4 << 10 }
        try client.kill()
        #expect(try client.wait().exitCode == 137)
        try shim.finish(client)
    }

    @Test("a container that is killed before its start has a record", arguments: TestShim.runtimes)
    func killedBeforeStart(_ runtime: String) throws {
        let shim = try shim("true", by: runtime)
        let client = try shim.connect()
        #expect(try client.call(ShimState.self, Nothing()).result.phase == .created)
        try client.kill()
        let record = try client.wait()
        #expect(record.exitCode == 137)
        #expect(record.error != nil)
        try shim.finish(client)
    }

    @Test("a container that cannot be made is told of by kind, and leaves nothing", arguments: TestShim.runtimes)
    func cannotBeMade(_ runtime: String) throws {
        let failures: [([String], ProtocolFailure.Kind)] = [
            (["no-such-program"], .executableNotFound), (["/no/such/program"], .executableNotFound),
            (["/etc"], .permissionDenied),
        ]
        for (arguments, kind) in failures {
            let shim = try TestShim(Bundle(in: scratch, running: arguments), in: scratch, by: runtime)
            let failure = #expect(throws: ProtocolFailure.self) { try shim.report() }
            #expect(failure?.kind == kind, "\(arguments): \(failure?.message ?? "")")
            #expect(try shim.program.wait().status == 1)
            #expect(Files.names(in: shim.folder) == [])
        }
    }

    @Test("a runtime that is killed in the middle of a create leaves no shim and no process")
    func runtimeKilled() throws {
        let script = """
            #!/bin/sh
            case "$*" in *" create "*) sleep 1000 & kill -9 $$;; esac
            """
        let runtime = try scratch.file("runtime", script, mode: 0o755)
        let shim = try TestShim(Bundle(in: scratch, running: ["true"]), in: scratch, by: runtime)
        let failure = #expect(throws: ProtocolFailure.self) { try shim.report() }
        #expect(failure?.kind == .runtimeFailed)
        #expect(failure?.message.contains("signal 9") == true)
        #expect(try shim.program.wait().status == 1)
    }

    @Test("with nobody there the shim waits for the end, records it and goes", arguments: TestShim.runtimes)
    func supervisorGone(_ runtime: String) throws {
        let shim = try shim("read x; exit 9", by: runtime, ["--stdin"] + TestShim.logOptions(scratch))
        do {
            let client = try shim.connect()
            let input = try client.start(
                AttachRequest(standardInput: true, standardOutput: false, standardError: false))
            for signal in [Signal.hangUp, Signal.interrupt, Signal.terminate] { try shim.program.signal(signal) }
            #expect(try client.call(ShimState.self, Nothing()).result.phase == .running)
            try input[0].writeAll("\n")
            input[0].close()
        }
        #expect(try shim.program.wait(within: 10).status == 0)
        #expect(shim.exitRecord?.exitCode == 9)
        #expect(!Files.exists(shim.folder + "/shim.sock"))
    }

    @Test("a full disk keeps nobody waiting, and the record is written when there is room")
    func fullDisk() throws {
        let disk = try scratch.directory("disk")
        try Command("mount", ["-t", "tmpfs", "-o", "size=64k", "none", disk]).succeed()
        try Files.write(disk + "/rest", String(repeating: "x", count: 60 << 10))
        let options = ["--log-file", disk + "/log", "--exit-file", disk + "/exit.json"]
        let shim = try shim("yes | head -c 1000000; exit 3", by: "wherry-runtime", options)
        let client = try shim.connect()
        try client.start()
        #expect(try client.wait().exitCode == 3)
        for line in try Files.read(disk + "/log").split(separator: "\n") {
            #expect(throws: Never.self) { try JSONDecoder().decode(LogRecord.self, from: Data(line.utf8)) }
        }
        for name in ["log", "rest"] { try? Descriptor.workingDirectory.removeFile(disk + "/" + name) }
        try eventually("the record is written") { Files.exists(disk + "/exit.json") }
        try client.close()
        #expect(try shim.program.wait().status == 0)
    }

    @Test("a shim whose directory was removed goes all the same")
    func directoryRemoved() throws {
        let shim = try shim("read x", by: "wherry-runtime", ["--stdin", "--log-driver", "none"])
        do {
            let client = try shim.connect()
            try client.start()
            try Descriptor.workingDirectory.removeTree(shim.folder)
            try client.kill()
        }
        #expect(try shim.program.wait(within: 10).status == 0)
    }

    @Test("processes that outlive the container hold neither the shim nor its record")
    func heldStreams() throws {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", "sleep 1000 & echo out"]) {
            $0.linux?.namespaces?.removeAll { $0.type == .pid }
        }
        let shim = try TestShim(bundle, in: scratch, by: "wherry-runtime")
        let client = try shim.connect()
        let ends = try client.start(ShimClient.output)
        #expect(try client.wait().exitCode == 0)
        #expect(try ends.map { try $0.text() } == ["out\n", ""])
        try shim.finish(client)
    }

    @Test("orphans that the shim inherits are reaped")
    func orphans() throws {
        let script = "for i in 1 2 3 4 5; do (true & exec true); done; read x"
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script]) {
            $0.linux?.namespaces?.removeAll { $0.type == .pid }
        }
        let shim = try TestShim(
            bundle, in: scratch, by: "wherry-runtime", options: ["--stdin"] + TestShim.logOptions(scratch))
        let client = try shim.connect()
        try client.start()
        let children = "/proc/\(shim.program.pid)/task/\(shim.program.pid)/children"
        try eventually("only the container is left") { try Files.read(children).split(separator: " ").count == 1 }
        try client.kill()
        _ = try client.wait()
        try shim.finish(client)
    }
}
