import Harness
import LinuxKernel
import Testing

@Suite("wherry save and history", .leavesNothingBehind)
struct SaveTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.load("busybox.oci.tar")
    }

    @Test("what is saved loads again, with the same ID and digest, and runs")
    func roundTrip() throws {
        let file = scratch("busybox.tar")
        let format = "{{.ID}} {{.Digest}}"
        let before = try supervisor.wherry("images", "--no-trunc", "--format", format).succeed()
        try supervisor.wherry("save", "--output", file, "busybox").succeed()
        try supervisor.wherry("rmi", "busybox").succeed()
        #expect(try supervisor.wherry("load", "--input", file).succeed() == "Loaded image: busybox:latest\n")
        #expect(try supervisor.wherry("images", "--no-trunc", "--format", format).succeed() == before)
        #expect(try supervisor.wherry("run", "--rm", "busybox", "echo", "afloat").succeed() == "afloat\n")
    }

    @Test("a repository is saved with all of its tags, an ID without a name, and others read the archive")
    func names() throws {
        try supervisor.wherry("tag", "busybox", "busybox:2").succeed()
        let file = scratch("busybox.tar")
        try supervisor.wherry("save", "-o", file, "busybox").succeed()
        let tags = try Command("skopeo", ["inspect", "--format", "{{.Name}}", "docker-archive:\(file):busybox:2"]).run()
        #expect(tags.status == 0, "\(tags)")
        let layout = try Command("skopeo", ["inspect", "--raw", "oci-archive:\(file):latest"]).run()
        #expect(layout.status == 0 && layout.output.contains("\"layers\""), "\(layout)")
        let id = String(try supervisor.wherry("images", "--quiet", "busybox:2").succeed().dropLast())
        try supervisor.wherry("save", "-o", scratch("id.tar"), id).succeed()
        try supervisor.wherry("rmi", "busybox:2", "busybox").succeed()
        let loaded = try supervisor.wherry("load", "-i", scratch("id.tar")).succeed()
        #expect(loaded.hasPrefix("Loaded image ID: sha256:\(id)"))
    }

    @Test("a pipe gets the archive; what cannot be written leaves nothing")
    func outputs() throws {
        let piped = try supervisor.wherry("save", "busybox").run()
        #expect(piped.status == 0 && piped.outputBytes.count > 100_000)
        let missing = try supervisor.wherry("save", "-o", scratch("no.tar"), "nothing").run()
        #expect(missing.status == 1 && missing.errors.hasPrefix("wherry: no such image: nothing"), "\(missing)")
        #expect(!Files.names(in: scratch("")).contains { $0.hasPrefix("no.tar") })
        let nowhere = try supervisor.wherry("save", "-o", scratch("no/where.tar"), "busybox").run()
        #expect(nowhere.errors == "wherry: cannot write \(scratch("no/where.tar")): no such file or directory\n")
        let full = try supervisor.wherry("save", "-o", "/dev/full", "busybox").run()
        #expect(full.status == 1 && full.errors.contains("no space left"), "\(full)")
    }

    @Test("a terminal is spared")
    func terminal() throws {
        let outcome = try supervisor.wherry("save", "busybox").startOnTerminal().wait()
        #expect(outcome.status == 1 && outcome.output.contains("which is a terminal"), "\(outcome)")
    }

    @Test("history tells of each step, the last one first")
    func history() throws {
        try supervisor.wherry("import", "--message", "a first step", try TestImages.path("busybox-rootfs.tar"), "mine")
            .succeed()
        let table = try supervisor.wherry("history", "mine").succeed().split(separator: "\n")
        #expect(table.first?.hasPrefix("IMAGE") == true && table.count == 2)
        #expect(table.last?.contains("a first step") == true)
        let size = try supervisor.wherry("history", "--human=false", "--format", "{{.Size}}", "mine").succeed()
        #expect((Int(size.dropLast()) ?? 0) > 1_000_000, "\(size)")
    }
}
