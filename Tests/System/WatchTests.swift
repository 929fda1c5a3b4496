import Harness
import LinuxKernel
import Testing

/// What others learn of containers, and how they clear away those that have ended.
@Suite("Looking at containers, and clearing away", .leavesNothingBehind)
struct WatchTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    private func startSleeping() throws {
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sleep", "1000").succeed()
    }

    // MARK: Top and prune

    @Test(
        "top shows a container's processes and no others, with the columns that ps is asked for",
        arguments: ["", "runc"])
    func top(_ runtime: String) throws {
        let options = runtime.isEmpty ? [] : ["--runtime", try Programs.found(runtime)]
        let supervisor = try Supervisor(in: Scratch(), options: options)
        try supervisor.importBusybox()
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sh", "-c", "sleep 1234 & sleep 1235; true")
            .succeed()
        try eventually("all three are there") {
            try supervisor.wherry("top", "boat").succeed().split(separator: "\n").count == 4
        }
        let lines = try supervisor.wherry("top", "boat").succeed().split(separator: "\n")
        #expect(lines[0].hasPrefix("UID                 PID                 PPID"))
        #expect(lines.count { $0.hasSuffix("sleep 1234") } == 1, "\(lines)")
        let table = try supervisor.wherry("top", "boat", "-eo", "pid,comm").succeed().split(separator: "\n")
        #expect(table.count == 4 && table[0].hasSuffix("COMMAND"), "\(table)")
        let refusal = try supervisor.wherry("top", "boat", "-eo", "comm").run()
        #expect(refusal.status == 1 && refusal.errors.contains("PID field"), "\(refusal)")
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("top is refused for a container that does not run")
    func topOfEnded() throws {
        try supervisor.wherry("create", "--name", "boat", "busybox", "true").succeed()
        let outcome = try supervisor.wherry("top", "boat").run()
        #expect(outcome.status == 1 && outcome.errors.contains("Container boat is not running"), "\(outcome)")
        try supervisor.wherry("rm", "boat").succeed()
    }

    @Test("prune removes what does not run and matches, after it has asked, and says what that took")
    func prune() throws {
        try startSleeping()
        let write = ["--label", "keep=no", "busybox", "dd", "if=/dev/zero", "of=/file", "bs=1000", "count=1000"]
        let id = try supervisor.wherry(["run", "-d"] + write).succeed().replacing("\n", with: "")
        try supervisor.wherry("wait", id).succeed()
        try supervisor.wherry("create", "--name", "raft", "--label", "keep=yes", "busybox", "true").succeed()
        let prune = try supervisor.wherry("container", "prune")
        let refused = try prune.changed { $0.input = .text("n\n") }.run()
        #expect(refused.status == 1 && refused.output.contains("[y/N]"), "\(refused)")
        #expect(try supervisor.wherry("ps", "-aq").succeed().split(separator: "\n").count == 3)
        #expect(
            try supervisor.wherry("container", "prune", "-f", "--filter", "until=24h").succeed()
                == "Total reclaimed space: 0B\n")
        let agreed = try supervisor.wherry("container", "prune", "--filter", "label!=keep=yes")
            .changed { $0.input = .text("y\n") }.run()
        #expect(agreed.output.contains("Deleted Containers:\n\(id)\n\nTotal reclaimed space: 1MB\n"), "\(agreed)")
        let names = try supervisor.wherry("ps", "-a", "--format", "{{.Names}}").succeed()
        #expect(Set(names.split(separator: "\n")) == ["boat", "raft"])
        #expect(try supervisor.wherry("container", "prune", "--filter", "colour=red", "-f").run().status == 1)
        try supervisor.wherry("rm", "--force", "boat", "raft").succeed()
    }

    // MARK: Statistics

    @Test("stats tells what a container uses, in docker's columns")
    func stats() throws {
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sh", "-c", "while :; do :; done").succeed()
        try supervisor.wherry("create", "--name", "raft", "busybox", "true").succeed()
        let table = try supervisor.wherry("stats", "--no-stream").succeed().split(separator: "\n")
        #expect(table.count == 2 && table[0].hasPrefix("CONTAINER ID   NAME      CPU %"), "\(table)")
        let all = try supervisor.wherry("stats", "--no-stream", "--all", "--format", "{{.Name}} {{.PIDs}}").succeed()
        #expect(all == "raft 0\nboat 1\n")
        let format = "{{.Container}} {{.CPUPerc}} {{.MemUsage}} {{.NetIO}}"
        let row = try supervisor.wherry("stats", "--no-stream", "--format", format, "boat").succeed()
        let words = row.split(separator: " ").map(String.init)
        // It keeps a processor busy, as far as others let it.
        #expect(words[0] == "boat" && (Double(words[1].dropLast()) ?? 0) > 1 && words[1].hasSuffix("%"), "\(row)")
        #expect(words[2] != "0B" && words[4].hasSuffix("iB"), "\(row)")
        let unknown = try supervisor.wherry("stats", "--no-stream", "nobody").run()
        #expect(unknown.status == 1 && unknown.errors.contains("No such container: nobody"))
        try supervisor.wherry("rm", "--force", "boat", "raft").succeed()
    }

    @Test("stats goes on with what comes and goes, until its client goes")
    func statsStream() throws {
        let client = try supervisor.wherry("stats", "--format", "{{.Name}}").start()
        try startSleeping()
        try client.waitForOutput("boat\nboat\n")
        try client.signal(Signal.interrupt)
        _ = try client.wait()
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }
}
