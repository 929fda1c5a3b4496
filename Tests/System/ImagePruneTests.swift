import Harness
import LinuxKernel
import Testing

@Suite("wherry image prune", .leavesNothingBehind)
struct ImagePruneTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
    }

    /// Bytes that the supervisor's root takes on the disk.
    private func used() throws -> Int64 {
        let output = try Command("du", ["--summarize", "--block-size=1", scratch("r")]).succeed()
        return Int64(output.prefix { $0.isNumber }) ?? 0
    }

    private func names() throws -> String {
        try supervisor.wherry("images", "--format", "{{.Repository}}").succeed()
    }

    @Test("what no container was made from goes, and the disk has as much room again as it says")
    func all() throws {
        try supervisor.load("busybox.oci.tar")
        try supervisor.load("debian.oci.tar")
        try supervisor.wherry("create", "--name", "one", "busybox").succeed()
        let before = try used()
        let output = try supervisor.wherry("image", "prune", "--all", "--force").succeed()
        #expect(output.hasPrefix("Deleted Images:\nuntagged: debian:bookworm\ndeleted: sha256:"), "\(output)")
        #expect(try names() == "busybox\n")
        let freed = try before - used()
        let told = output.split(separator: " ").last ?? ""
        let bytes = try #require(Double(told.prefix { $0.isNumber || $0 == "." })) * 1_000_000
        #expect(told.hasSuffix("MB\n") && abs(bytes - Double(freed)) < Double(freed) / 5, "\(freed): \(output)")
        try supervisor.wherry("rm", "one").succeed()
        try supervisor.wherry("image", "prune", "--all", "--force").succeed()
        #expect(try used() < before / 20)
    }

    @Test("without --all only images without a name go, and those that a filter admits")
    func dangling() throws {
        try supervisor.load("busybox.oci.tar")
        let archive = try TestImages.path("busybox-rootfs.tar")
        try supervisor.wherry("import", "--change", "LABEL keep=yes", archive, "a").succeed()
        try supervisor.wherry("import", archive, "b").succeed()
        for name in ["a", "b"] { try supervisor.wherry("tag", "busybox", name).succeed() }
        let kept = try supervisor.wherry("image", "prune", "--force", "--filter", "label!=keep").succeed()
        #expect(kept.split(separator: "\n").count { $0.hasPrefix("deleted: ") } == 1, "\(kept)")
        let old = try supervisor.wherry("image", "prune", "--force", "--filter", "until=24h").succeed()
        #expect(!old.contains("deleted: "))
        let rest = try supervisor.wherry("image", "prune", "--force").succeed()
        #expect(rest.split(separator: "\n").count { $0.hasPrefix("deleted: ") } == 1, "\(rest)")
        #expect(try supervisor.wherry("run", "--rm", "a", "echo", "afloat").succeed() == "afloat\n")
    }

    @Test("it asks first, and takes anything but yes for no")
    func question() throws {
        let no = try supervisor.wherry("image", "prune").changed { $0.input = .text("n\n") }.run()
        #expect(no.status == 1 && no.output.contains("all dangling images"), "\(no)")
        let yes = try supervisor.wherry("image", "prune").changed { $0.input = .text("y\n") }.run()
        #expect(yes.status == 0 && yes.output.hasSuffix("Total reclaimed space: 0B\n"), "\(yes)")
    }
}
