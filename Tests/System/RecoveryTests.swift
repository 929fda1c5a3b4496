import Harness
import LinuxKernel
import Testing

/// The supervisor is killed as a full machine kills it, and started again.
@Suite("A supervisor that was killed finds what it left", .leavesNothingBehind)
struct RecoveryTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    @Test("a container that runs on, its log, its terminal's absence, and its exit code")
    func running() throws {
        let fifo = try scratch.directory("shared") + "/fifo"
        try Descriptor.workingDirectory.makeFIFO(fifo, mode: 0o666)
        let script = "echo before; cat /shared/fifo; exit 11"
        try supervisor.wherry(
            "run", "-d", "--name", "boat", "-v", "\(scratch("shared")):/shared", "busybox", "sh", "-c", script
        )
        .succeed()
        try supervisor.kill()
        try supervisor.start()
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}}").succeed() == "boat\n")
        #expect(try supervisor.wherry("exec", "boat", "echo", "joined").succeed() == "joined\n")
        let wait = try supervisor.wherry("wait", "boat").start()
        try Command("sh", ["-c", "echo after > \(fifo)"]).succeed()
        #expect(try wait.wait().output == "11\n")
        #expect(try supervisor.wherry("logs", "boat").succeed() == "before\nafter\n")
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("SIGTERM ends it with success, takes its socket away, and leaves containers running")
    func stopped() throws {
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sleep", "1000").succeed()
        try supervisor.stop()
        #expect(!Files.exists(supervisor.socket))
        try supervisor.start()
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}}").succeed() == "boat\n")
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("a container that ended meanwhile, with its exit code and log")
    func ended() throws {
        let fifo = try scratch.directory("shared") + "/fifo"
        try Descriptor.workingDirectory.makeFIFO(fifo, mode: 0o666)
        let options = ["-d", "--name", "boat", "-v", "\(scratch("shared")):/shared"]
        try supervisor.wherry(["run"] + options + ["busybox", "sh", "-c", "cat /shared/fifo; exit 12"]).succeed()
        let pid = try supervisor.wherry("inspect", "--format", "{{.State.Pid}}", "boat").succeed()
        let process = try ProcessHandle(opening: Int32(pid.split(separator: "\n")[0]) ?? 0)
        try supervisor.kill()
        try Command("sh", ["-c", "echo alone > \(fifo)"]).succeed()
        let events = try process.descriptor.descriptor.wait(for: .readable, milliseconds: CInt(patient(10_000)))
        #expect(!events.isEmpty, "the container has not ended")
        try supervisor.start()
        #expect(try supervisor.wherry("wait", "boat").succeed() == "12\n")
        #expect(try supervisor.wherry("logs", "boat").succeed() == "alone\n")
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("a process of exec that ended meanwhile, with its exit code: its client asks again")
    func exec() throws {
        let fifo = try scratch.directory("shared") + "/fifo"
        try Descriptor.workingDirectory.makeFIFO(fifo, mode: 0o666)
        let options = ["-d", "--name", "boat", "-v", "\(scratch("shared")):/shared"]
        try supervisor.wherry(["run"] + options + ["busybox", "sleep", "1000"]).succeed()
        let script = "echo before; cat /shared/fifo; exit 13"
        let client = try supervisor.wherry("exec", "boat", "sh", "-c", script).start()
        try client.waitForOutput("before")
        try supervisor.kill()
        try Command("sh", ["-c", "echo alone > \(fifo)"]).succeed()
        try supervisor.start()
        let outcome = try client.wait()
        #expect(outcome.status == 13, "\(outcome)")
        #expect(outcome.output == "before\nalone\n")
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("killed at any moment of a run, it starts again, and everything can be removed", arguments: 0..<12)
    func anyMoment(_ number: Int) throws {
        let client = try supervisor.wherry("run", "--name", "boat", "busybox", "true").start()
        // Later each time: before the container is recorded, while it is made, while it runs, after its end.
        _ = try Pipe().reader.wait(milliseconds: CInt(number * 6))
        try supervisor.kill()
        _ = try client.wait()
        try supervisor.start()
        _ = try supervisor.wherry("rm", "--force", "boat").run()
        #expect(try supervisor.wherry("ps", "--all", "--quiet").succeed() == "")
        #expect(try supervisor.wherry("run", "--rm", "--name", "boat", "busybox", "echo", "well").succeed() == "well\n")
    }
}

extension OwnedDescriptor {
    fileprivate func wait(milliseconds: CInt) throws -> PollEvents {
        try descriptor.wait(for: .readable, milliseconds: milliseconds)
    }
}
