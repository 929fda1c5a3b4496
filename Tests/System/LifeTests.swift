import Harness
import LinuxKernel
import Testing

/// What is done to a container between its start and its end.
@Suite("The life of a container", .leavesNothingBehind)
struct LifeTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    /// Starts `boat`, which counts in its log until SIGTERM ends it with 9.
    private func startCounting(_ options: String...) throws {
        let script = "trap 'exit 9' TERM; while :; do echo $((n += 1)); sleep 0.05; done"
        try supervisor.wherry(
            ["run", "-d", "--name", "boat"] + options + ["busybox", "sh", "-c", script]
        ).succeed()
        try eventually("it counts") { try lines() > 0 }
    }

    private func lines() throws -> Int { try supervisor.wherry("logs", "boat").succeed().split(separator: "\n").count }

    private func inspect(_ template: String) throws -> String {
        try supervisor.wherry("inspect", "--format", template, "boat").succeed().replacing("\n", with: "")
    }

    private func pass(milliseconds: UInt64) throws {
        let timer = try TimerDescriptor()
        try timer.set(nanoseconds: max(1, milliseconds * 1_000_000))
        _ = try timer.descriptor.descriptor.wait(for: .readable)
    }

    /// What happened to containers since `moment`, in words.
    private func events(since moment: Timestamp) throws -> [String] {
        try supervisor.wherry(
            "events", "--since", "\(moment)", "--until", "\(Timestamp.now)", "--format", "{{.Action}}"
        ).succeed().split(separator: "\n").map(String.init)
    }

    // MARK: Pauses

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
        try startCounting()
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
        #expect(try inspect("{{.State.Running}} {{.State.Paused}}") == "true true")
        try supervisor.wherry("rm", "--force", "boat").succeed()
        #expect(try refusal("pause", "boat").contains("No such container: boat"))
    }

    @Test("a paused container is stopped by its stop signal, and killed by SIGKILL", arguments: ["stop", "kill"])
    func endOfPaused(_ verb: String) throws {
        try startCounting()
        try supervisor.wherry("pause", "boat").succeed()
        let begin = Timestamp.now
        try supervisor.wherry(verb, "boat").succeed()
        #expect(try supervisor.wherry("wait", "boat").succeed() == (verb == "stop" ? "9\n" : "137\n"))
        try eventually("its end is told") { try events(since: begin).contains("die") }
        let words = try events(since: begin)
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
        #expect(try inspect("{{.State.Status}}") == "paused")
        try supervisor.wherry("unpause", "boat").succeed()
        try eventually("it heard") { try supervisor.wherry("logs", "boat").succeed() == "up\nheard\n" }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("a supervisor that was killed finds a container paused that was paused, and can let it go on")
    func pauseOutlivesSupervisor() throws {
        try startCounting()
        try supervisor.wherry("pause", "boat").succeed()
        try supervisor.kill()
        try supervisor.start()
        #expect(try inspect("{{.State.Status}}") == "paused")
        try supervisor.wherry("unpause", "boat").succeed()
        let before = try lines()
        try eventually("it goes on") { try lines() > before }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("a supervisor that is killed in the middle of pauses knows afterwards whether it is one", arguments: 0..<6)
    func killedDuringPause(_ number: Int) throws {
        try startCounting()
        let client = try supervisor.wherry("pause", "boat").start()
        // Later each time: before the request, while the runtime is about it, after the answer.
        try pass(milliseconds: UInt64(number * 4))
        try supervisor.kill()
        _ = try client.wait()
        try supervisor.start()
        if try inspect("{{.State.Paused}}") == "true" { try supervisor.wherry("unpause", "boat").succeed() }
        let before = try lines()
        try eventually("it counts") { try lines() > before }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    // MARK: Restarts

    @Test("restart stops and starts, with docker's events; a container that does not run is started")
    func restart() throws {
        try startCounting()
        let pid = try inspect("{{.State.Pid}}")
        let begin = Timestamp.now
        #expect(try supervisor.wherry("restart", "--timeout", "20", "boat").succeed() == "boat\n")
        #expect(try inspect("{{.State.Pid}}") != pid)
        #expect(try events(since: begin) == ["kill", "die", "stop", "start", "restart"])
        try supervisor.wherry("stop", "boat").succeed()
        try supervisor.wherry("restart", "boat").succeed()
        #expect(try inspect("{{.State.Status}}") == "running")
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("restart sends the signal that it is told to, and kills what does not heed it in time")
    func restartBySignal() throws {
        let script = "trap 'echo heard' USR1; trap '' TERM; echo up; while :; do sleep 0.05; done"
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sh", "-c", script).succeed()
        try eventually("it is up") { try supervisor.wherry("logs", "boat").succeed() == "up\n" }
        let begin = Timestamp.now
        try supervisor.wherry("restart", "-s", "USR1", "-t", "1", "boat").succeed()
        #expect(try events(since: begin) == ["kill", "kill", "die", "stop", "start", "restart"])
        try eventually("it is up again") { try supervisor.wherry("logs", "boat").succeed() == "up\nheard\nup\n" }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("restart keeps a container that was made with --rm, and its next end removes it")
    func restartWithRemoval() throws {
        try startCounting("--rm")
        try supervisor.wherry("restart", "boat").succeed()
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}}").succeed() == "boat\n")
        try supervisor.wherry("stop", "boat").succeed()
        try eventually("it is gone") { try supervisor.wherry("ps", "--all", "--quiet").succeed() == "" }
    }

    @Test("a restart that a killed supervisor began is finished by the next one", arguments: 0..<6)
    func killedDuringRestart(_ number: Int) throws {
        try startCounting()
        let client = try supervisor.wherry("restart", "boat").start()
        try pass(milliseconds: UInt64(number * 15))
        try supervisor.kill()
        _ = try client.wait()
        try supervisor.start()
        // Either nobody had heard of the restart, or it is finished.
        try eventually("it runs") { try inspect("{{.State.Status}}") == "running" }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    // MARK: Restart policies

    /// The state of `boat`, and how often its policy has started it.
    private func restarts() throws -> String { try inspect("{{.State.Status}} {{.RestartCount}}") }

    @Test("on-failure:n starts a container again that fails, n times, with an event for each of its ends and starts")
    func onFailure() throws {
        let begin = Timestamp.now
        let run = ["run", "-d", "--name", "boat", "--restart", "on-failure:2"]
        try supervisor.wherry(run + ["busybox", "sh", "-c", "echo run; exit 7"]).succeed()
        try eventually("it is given up") { try restarts() == "exited 2" }
        #expect(try inspect("{{.State.ExitCode}} {{.HostConfig.RestartPolicy.Name}}") == "7 on-failure")
        #expect(
            try events(since: begin) == ["create", "start", "die", "start", "die", "start", "die"])
        #expect(try supervisor.wherry("logs", "boat").succeed() == "run\nrun\nrun\n")
        try supervisor.wherry("rm", "boat").succeed()
        try supervisor.wherry(run + ["busybox", "true"]).succeed()
        try eventually("it has ended well") { try restarts() == "exited 0" }
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("between two runs a container is Restarting, which refuses what needs a process, and stop ends it")
    func restarting() throws {
        try supervisor.wherry("run", "-d", "--name", "boat", "--restart=always", "busybox", "false").succeed()
        try eventually("it waits for its turn for a while") {
            let status = try supervisor.wherry("ps", "--format", "{{.Status}}").succeed()
            return status.hasPrefix("Restarting (1) ") && status.hasSuffix(" ago\n")
        }
        // Then it waits for more than three seconds, or for half a minute where that is not time enough to ask.
        let often = isSlowMachine ? "restarting 9" : "restarting 6"
        try eventually("it has failed some times", within: 20) { try restarts() == often }
        for words in [["exec", "boat", "true"], ["pause", "boat"], ["attach", "boat"]] {
            let outcome = try supervisor.wherry(words).run()
            #expect(outcome.status != 0 && outcome.errors.contains("restarting"), "\(outcome)")
        }
        let removal = try supervisor.wherry("rm", "boat").run()
        #expect(removal.status == 1 && removal.errors.contains("stop it before"), "\(removal)")
        let wait = try supervisor.wherry("wait", "boat").start()
        try supervisor.wherry("stop", "boat").succeed()
        #expect(try wait.wait().output == "1\n")
        #expect(try inspect("{{.State.Status}} {{.State.Restarting}}") == "exited false")
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("logs follow a container across its restarts")
    func logsAcrossRestarts() throws {
        try supervisor.wherry(
            "create", "--name", "boat", "--restart", "on-failure:2", "busybox", "sh", "-c", "echo run; false"
        )
        .succeed()
        try supervisor.wherry("start", "boat").succeed()
        #expect(try supervisor.wherry("logs", "--follow", "boat").succeed() == "run\nrun\nrun\n")
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("counts go on after the supervisor was killed between two runs")
    func countsOutliveSupervisor() throws {
        let run = ["run", "-d", "--name", "boat", "--restart", "on-failure:5"]
        try supervisor.wherry(run + ["busybox", "sh", "-c", "echo run; exit 7"]).succeed()
        // Then it waits for 800 ms.
        try eventually("it has failed some times") { try restarts() == "restarting 4" }
        try supervisor.kill()
        try supervisor.start()
        try eventually("it is given up") { try restarts() == "exited 5" }
        #expect(try lines() == 6)
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test(
        "a supervisor that starts brings back what always runs, and what nobody stopped; as after a reboot",
        arguments: ["always", "unless-stopped", "on-failure", "no"], [false, true])
    func revival(_ policy: String, isStopped: Bool) throws {
        try startCounting("--restart", policy)
        let shim = try Files.read(supervisor.state + "/containers/\(inspect("{{.Id}}"))/shim.pid")
        let processes = try [Int32(shim.filter(\.isNumber)), Int32(inspect("{{.State.Pid}}"))].compactMap { $0 }
        if isStopped { try supervisor.wherry("kill", "boat").succeed() }
        if isStopped { try supervisor.wherry("wait", "boat").succeed() }
        try supervisor.kill()
        // A reboot ends shims and containers alike, and nobody writes down how.
        if !isStopped { for process in processes { try sendSignal(Signal.kill, toProcess: process) } }
        try supervisor.start()
        let comesBack = policy == "always" || (policy == "unless-stopped" || policy == "on-failure") && !isStopped
        if comesBack {
            try eventually("it is back") { try inspect("{{.State.Status}}") == "running" }
            let before = try lines()
            try eventually("it counts") { try lines() > before }
        } else {
            #expect(try inspect("{{.State.Status}}") == "exited")
        }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("--restart together with --rm is refused, and so is a policy that there is not")
    func restartRefusals() throws {
        for (options, words) in [
            (["--restart", "always", "--rm"], "cannot specify both --restart and --rm"),
            (["--restart", "sometimes"], "unknown policy 'sometimes'"),
        ] {
            let outcome = try supervisor.wherry(["run"] + options + ["busybox", "true"]).run()
            #expect(outcome.status == 125 && outcome.errors.contains(words), "\(outcome)")
        }
        #expect(try supervisor.wherry("ps", "--all", "--quiet").succeed() == "")
    }

    // MARK: Names

    @Test("rename gives a container another name, which lasts; a name that is taken is refused")
    func rename() throws {
        try startCounting()
        try supervisor.wherry("create", "--name", "raft", "busybox", "true").succeed()
        let begin = Timestamp.now
        let taken = try supervisor.wherry("rename", "boat", "raft").run()
        #expect(taken.status == 1 && taken.errors.contains("\"/raft\" is already in use"), "\(taken)")
        let same = try supervisor.wherry("rename", "boat", "boat").run()
        #expect(same.status == 1 && same.errors.contains("same name as its current name"), "\(same)")
        #expect(try supervisor.wherry("rename", "boat", "a/b").run().status == 1)
        #expect(try supervisor.wherry("rename", "boat", "ship").succeed() == "")
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}}").succeed() == "ship\n")
        #expect(try supervisor.wherry("inspect", "boat").run().status == 1)
        #expect(try events(since: begin) == ["rename"])
        try supervisor.wherry("rename", "raft", "boat").succeed()
        try supervisor.kill()
        try supervisor.start()
        let names = try supervisor.wherry("ps", "--all", "--format", "{{.Names}}").succeed()
        #expect(Set(names.split(separator: "\n")) == ["ship", "boat"])
        #expect(try supervisor.wherry("exec", "ship", "echo", "aboard").succeed() == "aboard\n")
        try supervisor.wherry("rm", "--force", "ship", "boat").succeed()
    }
}
