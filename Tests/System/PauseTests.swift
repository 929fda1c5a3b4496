import Harness
import LinuxKernel
import Testing

/// The freezer between a container's start and its end.
@Suite("Pauses of a container", .leavesNothingBehind)
struct PauseTests {
    let boat: CountingBoat
    private var supervisor: Supervisor { boat.supervisor }

    init() throws { boat = try CountingBoat() }

    @Test("a paused container stands still, is shown so, and goes on", arguments: ["wherry-runtime", "runc"])
    func pause(_ runtime: String) throws {
        let other = runtime == "runc" ? ["--runtime", try Programs.found("runc")] : []
        let supervisor = try Supervisor(in: Scratch(), options: other)
        try supervisor.importBusybox()
        try supervisor.wherry(
            "run", "-d", "--name", "boat", "busybox", "sh", "-c", "while :; do echo $((n += 1)); sleep 0.02; done"
        ).succeed()
        func lines() throws -> Int {
            try supervisor.wherry("logs", "boat").succeed().split(separator: "\n").count
        }
        #expect(try supervisor.wherry("pause", "boat").succeed() == "boat\n")
        let status = try supervisor.wherry("ps", "--format", "{{.State}} {{.Status}}").succeed()
        #expect(status.hasPrefix("paused Up ") && status.hasSuffix(" (Paused)\n"), "\(status)")
        #expect(try supervisor.wherry("ps", "-q", "--filter", "status=paused").succeed() != "")
        let before = try lines()
        // Had it run, it would have written some twenty lines meanwhile.
        try pass(milliseconds: 400)
        #expect(try lines() == before)
        #expect(try supervisor.wherry("unpause", "boat").succeed() == "boat\n")
        try eventually("it goes on") { try lines() > before }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("pause and unpause are refused where they make no sense, and so is what a paused container cannot do")
    func pauseRefusals() throws {
        try boat.start()
        func refusal(_ words: String...) throws -> String {
            let outcome = try supervisor.wherry(words).run()
            #expect(outcome.status == 1, "\(outcome)")
            return outcome.errors
        }
        #expect(try refusal("unpause", "boat").contains("Container boat is not paused"))
        try supervisor.wherry("pause", "boat").succeed()
        #expect(try refusal("pause", "boat").contains("container boat is already paused"))
        #expect(try refusal("exec", "boat", "true").contains("is paused, unpause the container before exec"))
        #expect(try refusal("attach", "boat").contains("unpause it first"))
        #expect(try refusal("start", "boat").contains("try unpause instead"))
        #expect(try refusal("rm", "boat").contains("paused and must be unpaused first"))
        #expect(try boat.inspect("{{.State.Running}} {{.State.Paused}}") == "true true")
        try supervisor.wherry("rm", "--force", "boat").succeed()
        #expect(try refusal("pause", "boat").contains("No such container: boat"))
    }

    @Test("a paused container is stopped by its stop signal, and killed by SIGKILL", arguments: ["stop", "kill"])
    func endOfPaused(_ verb: String) throws {
        try boat.start()
        try supervisor.wherry("pause", "boat").succeed()
        let begin = Timestamp.now
        try supervisor.wherry(verb, "boat").succeed()
        #expect(try supervisor.wherry("wait", "boat").succeed() == (verb == "stop" ? "9\n" : "137\n"))
        try eventually("its end is told") { try boat.events(since: begin).contains("die") }
        let words = try boat.events(since: begin)
        // On cgroup v2 nothing is left to go on after SIGKILL.
        #expect(words.starts(with: verb == "stop" ? ["kill", "unpause"] : ["kill"]), "\(words)")
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("a signal that ends nothing waits for a paused container to go on")
    func signalToPaused() throws {
        let script = "trap 'echo heard' USR1; echo up; while :; do sleep 0.05; done"
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sh", "-c", script).succeed()
        try eventually("it is up") { try supervisor.wherry("logs", "boat").succeed() == "up\n" }
        try supervisor.wherry("pause", "boat").succeed()
        try supervisor.wherry("kill", "--signal", "USR1", "boat").succeed()
        #expect(try boat.inspect("{{.State.Status}}") == "paused")
        try supervisor.wherry("unpause", "boat").succeed()
        try eventually("it heard") { try supervisor.wherry("logs", "boat").succeed() == "up\nheard\n" }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("a supervisor that was killed finds a container paused that was paused, and can let it go on")
    func pauseOutlivesSupervisor() throws {
        try boat.start()
        try supervisor.wherry("pause", "boat").succeed()
        try supervisor.kill()
        try supervisor.start()
        #expect(try boat.inspect("{{.State.Status}}") == "paused")
        try supervisor.wherry("unpause", "boat").succeed()
        let before = try boat.lines()
        try eventually("it goes on") { try boat.lines() > before }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("a supervisor that is killed in the middle of pauses knows afterwards whether it is one", arguments: 0..<6)
    func killedDuringPause(_ number: Int) throws {
        try boat.start()
        let client = try supervisor.wherry("pause", "boat").start()
        // Later each time: before the request, while the runtime is about it, after the answer.
        try pass(milliseconds: UInt64(number * 4))
        try supervisor.kill()
        _ = try client.wait()
        try supervisor.start()
        if try boat.inspect("{{.State.Paused}}") == "true" { try supervisor.wherry("unpause", "boat").succeed() }
        let before = try boat.lines()
        try eventually("it counts") { try boat.lines() > before }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }
}
