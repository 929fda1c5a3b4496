import Harness
import LinuxKernel
import Testing

@Suite("wherry diff, export and commit", .leavesNothingBehind)
struct TreeTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    @Test("diff tells what a container has changed, and nothing of what it was given")
    func diff() throws {
        try supervisor.wherry("create", "--name", "idle", "busybox", "true").succeed()
        #expect(try supervisor.wherry("diff", "idle").succeed() == "")
        try supervisor.wherry("run", "--name", "boat", "busybox", "sh", "-c", "echo new >/etc/new; rm /etc/group")
            .succeed()
        #expect(try supervisor.wherry("diff", "boat").succeed() == "C /etc\nD /etc/group\nA /etc/new\n")
        #expect(try supervisor.wherry("diff", "nobody").run().status == 1)
    }

    @Test("export writes a container's files, whether it runs or not; tar reads them", arguments: [false, true])
    func export(_ isRunning: Bool) throws {
        let script = "echo cargo >/hold; ln /hold /same; \(isRunning ? "exec sleep 1000" : "true")"
        try supervisor.wherry("run", "-d", "--name", "boat", "-v", "/vol", "busybox", "sh", "-c", script).succeed()
        try eventually("it is loaded") { try supervisor.wherry("diff", "boat").succeed().contains("A /same") }
        let file = scratch("boat.tar")
        try supervisor.wherry("export", "--output", file, "boat").succeed()
        #expect(try Command("tar", ["--extract", "--file", file, "--to-stdout", "hold"]).succeed() == "cargo\n")
        let names = try Command("tar", ["--list", "--verbose", "--file", file]).succeed()
        #expect(names.contains("same link to hold") && names.contains(" bin/busybox"), "\(names)")
        #expect(Files.names(in: supervisor.state + "/shown") == [])
        try supervisor.wherry("rm", "--force", "--volumes", "boat").succeed()
    }

    @Test("commit makes an image with a layer more, a configuration of the container's, and docker's history")
    func commit() throws {
        try supervisor.wherry(
            "run", "-d", "--name", "boat", "--env", "A=1", "busybox", "sh", "-c", "echo cargo >/hold; exec sleep 1000"
        ).succeed()
        try eventually("it is loaded") { try supervisor.wherry("diff", "boat").succeed() == "A /hold\n" }
        let id = try supervisor.wherry(
            "commit", "-a", "me", "-m", "loaded", "-c", "CMD [\"sh\", \"-c\", \"echo $A; cat /hold\"]", "boat", "ship:1"
        ).succeed()
        #expect(id.hasPrefix("sha256:"))
        #expect(try supervisor.wherry("ps", "--format", "{{.State}}").succeed() == "running\n")
        #expect(try supervisor.wherry("run", "--rm", "ship:1").succeed() == "1\ncargo\n")
        let history = try supervisor.wherry("history", "--format", "{{.Comment}}", "ship:1").succeed()
        #expect(history.hasPrefix("loaded\n"))
        let archive = scratch("ship.tar")
        try supervisor.wherry("save", "-o", archive, "ship:1").succeed()
        let seen = try Command("skopeo", ["inspect", "--config", "docker-archive:\(archive)"]).succeed()
        #expect(seen.contains("\"author\": \"me\""), "\(seen)")
        // Nothing has changed: that is a layer, too.
        try supervisor.wherry("create", "--name", "idle", "busybox", "echo", "idle").succeed()
        try supervisor.wherry("commit", "--pause=false", "idle", "idle:1").succeed()
        #expect(try supervisor.wherry("run", "--rm", "idle:1").succeed() == "idle\n")
        try supervisor.wherry("rm", "--force", "boat", "idle").succeed()
    }
}
