import Harness
import LinuxKernel
import Testing

/// Restarts, by hand and by policy, and names.
@Suite("Restarts and names of a container", .leavesNothingBehind)
struct LifeTests {
    let boat: CountingBoat
    private var supervisor: Supervisor { boat.supervisor }

    init() throws { boat = try CountingBoat() }

    // MARK: Restarts

    @Test("restart stops and starts, with docker's events; a container that does not run is started")
    func restart() throws {
        try boat.start()
        let pid = try boat.inspect("{{.State.Pid}}")
        let begin = Timestamp.now
        #expect(try supervisor.wherry("restart", "--timeout", "20", "boat").succeed() == "boat\n")
        #expect(try boat.inspect("{{.State.Pid}}") != pid)
        #expect(try boat.events(since: begin) == ["kill", "die", "stop", "start", "restart"])
        try supervisor.wherry("stop", "boat").succeed()
        try supervisor.wherry("restart", "boat").succeed()
        #expect(try boat.inspect("{{.State.Status}}") == "running")
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("restart sends the signal that it is told to, and kills what does not heed it in time")
    func restartBySignal() throws {
        let script = "trap 'echo heard' USR1; trap '' TERM; echo up; while :; do sleep 0.05; done"
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sh", "-c", script).succeed()
        try eventually("it is up") { try supervisor.wherry("logs", "boat").succeed() == "up\n" }
        let begin = Timestamp.now
        try supervisor.wherry("restart", "-s", "USR1", "-t", "1", "boat").succeed()
        #expect(try boat.events(since: begin) == ["kill", "kill", "die", "stop", "start", "restart"])
        try eventually("it is up again") { try supervisor.wherry("logs", "boat").succeed() == "up\nheard\nup\n" }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("restart keeps a container that was made with --rm, and its next end removes it")
    func restartWithRemoval() throws {
        try boat.start("--rm")
        try supervisor.wherry("restart", "boat").succeed()
        #expect(try supervisor.wherry("ps", "--format", "{{.Names}}").succeed() == "boat\n")
        try supervisor.wherry("stop", "boat").succeed()
        try eventually("it is gone") { try supervisor.wherry("ps", "--all", "--quiet").succeed() == "" }
    }

    @Test("a restart that a killed supervisor began is finished by the next one", arguments: 0..<6)
    func killedDuringRestart(_ number: Int) throws {
        try boat.start()
        let client = try supervisor.wherry("restart", "boat").start()
        try pass(milliseconds: UInt64(number * 15))
        try supervisor.kill()
        _ = try client.wait()
        try supervisor.start()
        // Either nobody had heard of the restart, or it is finished.
        try eventually("it runs") { try boat.inspect("{{.State.Status}}") == "running" }
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    // MARK: Restart policies

    /// The state of `boat`, and how often its policy has started it.
    private func restarts() throws -> String { try boat.inspect("{{.State.Status}} {{.RestartCount}}") }

    @Test("on-failure:n starts a container again that fails, n times, with an event for each of its ends and starts")
    func onFailure() throws {
        let begin = Timestamp.now
        let run = ["run", "-d", "--name", "boat", "--restart", "on-failure:2"]
        try supervisor.wherry(run + ["busybox", "sh", "-c", "echo run; exit 7"]).succeed()
        try eventually("it is given up") { try restarts() == "exited 2" }
        #expect(try boat.inspect("{{.State.ExitCode}} {{.HostConfig.RestartPolicy.Name}}") == "7 on-failure")
        #expect(
            try boat.events(since: begin) == ["create", "start", "die", "start", "die", "start", "die"])
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
        #expect(try boat.inspect("{{.State.Status}} {{.State.Restarting}}") == "exited false")
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
        #expect(try boat.lines() == 6)
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test(
        "a supervisor that starts brings back what always runs, and what nobody stopped; as after a reboot",
        arguments: ["always", "unless-stopped", "on-failure", "no"], [false, true])
    func revival(_ policy: String, isStopped: Bool) throws {
        try boat.start("--restart", policy)
        let shim = try Files.read(supervisor.state + "/containers/\(boat.inspect("{{.Id}}"))/shim.pid")
        let processes = try [Int32(shim.filter(\.isNumber)), Int32(boat.inspect("{{.State.Pid}}"))].compactMap { $0 }
        if isStopped { try supervisor.wherry("kill", "boat").succeed() }
        if isStopped { try supervisor.wherry("wait", "boat").succeed() }
        try supervisor.kill()
        // A reboot ends shims and containers alike, and nobody writes down how.
        if !isStopped { for process in processes { try sendSignal(Signal.kill, toProcess: process) } }
        try supervisor.start()
        let comesBack = policy == "always" || (policy == "unless-stopped" || policy == "on-failure") && !isStopped
        if comesBack {
            try eventually("it is back") { try boat.inspect("{{.State.Status}}") == "running" }
            let before = try boat.lines()
            try eventually("it counts") { try boat.lines() > before }
        } else {
            #expect(try boat.inspect("{{.State.Status}}") == "exited")
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

    @Test("update changes the policy of a container that runs: it comes back when it fails, and then no more")
    func updatedPolicy() throws {
        try boat.start()
        #expect(try supervisor.wherry("update", "--restart", "on-failure:3", "boat").succeed() == "boat\n")
        #expect(try boat.inspect("{{.HostConfig.RestartPolicy}}").contains("on-failure"))
        try supervisor.kill()
        try supervisor.start()
        let pid = try boat.inspect("{{.State.Pid}}")
        try sendSignal(Signal.kill, toProcess: try #require(Int32(pid)))
        try eventually("it is back") { try boat.inspect("{{.State.Status}} {{.RestartCount}}") == "running 1" }
        try supervisor.wherry("update", "--restart", "no", "boat").succeed()
        try sendSignal(Signal.kill, toProcess: try #require(Int32(boat.inspect("{{.State.Pid}}"))))
        #expect(try supervisor.wherry("wait", "boat").succeed() == "137\n")
        #expect(try boat.inspect("{{.State.Status}}") == "exited")
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("after a reboot a container comes back after the one whose network it has")
    func joinedRevival() throws {
        try supervisor.wherry("run", "-d", "--name", "boat", "--restart", "always", "busybox", "sleep", "1000")
            .succeed()
        for name in ["aft", "bow"] {
            let run = ["run", "-d", "--name", name, "--restart", "always", "--network", "container:boat"]
            try supervisor.wherry(run + ["busybox", "sleep", "1000"]).succeed()
        }
        let ids = try supervisor.wherry("ps", "--quiet", "--no-trunc").succeed().split(separator: "\n")
        let shims = try ids.compactMap {
            Int32(try Files.read("\(supervisor.state)/containers/\($0)/shim.pid").filter(\.isNumber))
        }
        let pids = try supervisor.wherry("inspect", "--format", "{{.State.Pid}}", "aft", "bow", "boat").succeed()
        try supervisor.kill()
        for process in shims + pids.split(separator: "\n").compactMap({ Int32($0) }) {
            try sendSignal(Signal.kill, toProcess: process)
        }
        try supervisor.start()
        try eventually("all are back") {
            try supervisor.wherry("ps", "--filter", "status=running", "--quiet").succeed().split(separator: "\n").count
                == 3
        }
        try supervisor.wherry("rm", "--force", "aft", "bow", "boat").succeed()
    }

    // MARK: Names

    @Test("rename gives a container another name, which lasts; a name that is taken is refused")
    func rename() throws {
        try boat.start()
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
        #expect(try boat.events(since: begin) == ["rename"])
        try supervisor.wherry("rename", "raft", "boat").succeed()
        try supervisor.kill()
        try supervisor.start()
        let names = try supervisor.wherry("ps", "--all", "--format", "{{.Names}}").succeed()
        #expect(Set(names.split(separator: "\n")) == ["ship", "boat"])
        #expect(try supervisor.wherry("exec", "ship", "echo", "aboard").succeed() == "aboard\n")
        try supervisor.wherry("rm", "--force", "ship", "boat").succeed()
    }
}
