import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Each is one line that names the thing, the documented exit code, and nothing left behind.
@Suite("What cannot be done is said in one line", .leavesNothingBehind)
struct BadInputTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func expectOneLine(_ outcome: Outcome, _ status: Int32, naming words: String...) {
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        for word in words { #expect(outcome.errors.contains(word), "\(word): \(outcome)") }
    }

    @Test("a bundle that is not there")
    func missingBundle() throws {
        let arguments = ["--root", scratch("state"), "run", "--bundle", "/no/such/bundle", "box"]
        expectOneLine(try Command(try Programs.wherryRuntime, arguments).run(), 1, naming: "/no/such/bundle")
        #expect(Files.names(in: scratch("state")).isEmpty)
    }

    @Test(
        "a configuration that is none",
        arguments: [
            ("", ""), ("{", ""), ("[]", ""), (#"{"ociVersion":1}"#, "ociVersion"),
            (#"{"ociVersion":"1.0.2","process":{"args":"sh"}}"#, "process"),
            (String(repeating: "[", count: 100_000), ""),
        ])
    func brokenConfiguration(_ json: String, _ member: String) throws {
        let bundle = try Bundle(in: scratch, running: ["true"])
        try bundle.write(json: json)
        let container = try Container(bundle, in: scratch, by: .wherry)
        expectOneLine(try container.run(), 1, naming: "config.json", member)
        #expect(Files.names(in: container.root).isEmpty)
    }

    @Test("a root file system that is not there")
    func missingRoot() throws {
        let bundle = try Bundle(in: scratch, running: ["true"]) { $0.root?.path = "no-such-rootfs" }
        expectOneLine(try Container(bundle, in: scratch, by: .wherry).run(), 1, naming: "no-such-rootfs")
    }

    @Test("an image that is not there, a name that is taken, a container that is not there")
    func names() throws {
        let supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
        let noImage = try supervisor.wherry("run", "--rm", "no-such-image", "true").run()
        #expect(noImage.status == 125)
        #expect(noImage.errors.contains("no-such-image"))
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sleep", "1000").succeed()
        let taken = try supervisor.wherry("run", "--name", "boat", "busybox", "true").run()
        #expect(taken.status == 125)
        #expect(taken.errors.contains("boat"))
        expectOneLine(try supervisor.wherry("rm", "no-such-container").run(), 1, naming: "no-such-container")
        expectOneLine(try supervisor.wherry("rm", "boat").run(), 1, naming: "boat")
        try supervisor.wherry("rm", "--force", "boat").succeed()
    }

    @Test("a supervisor that does not run")
    func noSupervisor() throws {
        let outcome = try Command(try Programs.wherry, ["--host", "unix://\(scratch("no.sock"))", "ps"]).run()
        expectOneLine(outcome, 1, naming: scratch("no.sock"), "wherryd")
    }

    @Test("a user who is not root")
    func notRoot() throws {
        let arguments = ["--reuid", "1000", "--regid", "1000", "--clear-groups"]
        let copied = try scratch.directory("bin")
        for program in ["wherryd", "wherry-runtime", "wherry-shim"] {
            try Command("cp", [try Programs.ours(program), copied]).succeed()
        }
        let outcome = try Command("setpriv", arguments + ["\(copied)/wherryd"]).run()
        #expect(outcome.status != 0)
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        let folder = try scratch.directory("theirs")
        try Command("chown", ["1000", folder]).succeed()
        let folders = ["--root", folder, "--state", folder]
        let supervisor = try Command("setpriv", arguments + ["\(copied)/wherryd"] + folders).run()
        expectOneLine(supervisor, 1, naming: "user 1000", "start it as root")
        #expect(Files.names(in: folder).isEmpty)
        let bundle = try Bundle(in: scratch, running: ["true"])
        let runtime = try Command(
            "setpriv", arguments + ["\(copied)/wherry-runtime", "run", "--bundle", bundle.path, "box"]
        ).run()
        #expect(runtime.status == 1)
        #expect(runtime.errors.split(separator: "\n").count == 1, "\(runtime)")
        let state = try scratch.directory("state")
        try Command("chmod", ["711", state]).succeed()
        let list = try Command("setpriv", arguments + ["\(copied)/wherry-runtime", "--root", state, "list"]).run()
        expectOneLine(list, 1, naming: state, "permission denied", "--root")
    }

    @Test("a full disk")
    func fullDisk() throws {
        let full = try scratch.directory("r")
        try Command("mount", ["-t", "tmpfs", "-o", "size=1m", "none", full]).succeed()
        let supervisor = try Supervisor(in: scratch)
        let outcome = try supervisor.wherry("import", try TestImages.path("busybox-rootfs.tar"), "busybox").run()
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("no space left on device; make room there"), "\(outcome)")
        #expect(try supervisor.wherry("images", "--quiet").succeed() == "")
        try supervisor.stop()
        try Command("umount", [full]).succeed()
    }
}
