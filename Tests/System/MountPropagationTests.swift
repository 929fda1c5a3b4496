import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("Mounts propagate as config.md and config-linux.md say", .leavesNothingBehind)
struct MountPropagationTests {
    let scratch: Scratch
    private var fixture: MountFixture { MountFixture(scratch: scratch) }
    init() throws { scratch = try Scratch() }

    @Test(
        "mounts that the host makes below a bind mount show in the container as its propagation says",
        arguments: [("rslave", true), ("rprivate", false), ("rshared", true)])
    func fromHost(_ word: String, _ shows: Bool) throws {
        let source = try fixture.hostMount("shared")
        try Command("mount", ["--make-shared", source]).succeed()
        try scratch.directory("shared/sub")
        let container = try fixture.start {
            $0.mounts?.append(Mount(destination: "/m", source: source, options: ["rbind", word]))
        }
        _ = try fixture.hostMount("shared/sub")
        try scratch.file("shared/sub/new", "")
        let outcome = try container.command("exec", [container.id, "ls", "/m/sub"]).run()
        #expect(outcome.output == (shows ? "new\n" : ""), "\(outcome)")
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test(
        "mounts of the container show on the host only where its root's propagation is shared",
        arguments: [true, false])
    func toHost(isShared: Bool) throws {
        let source = try fixture.hostMount("shared")
        try Command("mount", ["--make-shared", source]).succeed()
        try scratch.directory("shared/sub")
        let container = try fixture.start {
            $0.allow("CAP_SYS_ADMIN")
            if isShared { $0.linux?.rootfsPropagation = "rshared" }
            $0.mounts?.append(Mount(destination: "/m", source: source, options: ["rbind"]))
        }
        let mount = ["exec", "--cap", "CAP_SYS_ADMIN", container.id, "mount", "-t", "tmpfs", "t", "/m/sub"]
        #expect(try container.command(mount[0], Array(mount.dropFirst())).run().status == 0)
        #expect(MountTable.ofThisProcess.points.contains(source + "/sub") == isShared)
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test(
        "linux.rootfsPropagation is that of the container's root",
        arguments: [
            ("shared", "shared:"), ("rshared", "shared:"), ("slave", "-"), ("private", "-"),
            ("unbindable", "unbindable"), ("", "-"),
        ])
    func rootPropagation(_ word: String, _ expected: String) throws {
        let outcome = try fixture.run("awk '$5 == \"/\" { print $7 }' /proc/self/mountinfo") {
            $0.linux?.rootfsPropagation = word
        }
        #expect(outcome.output.hasPrefix(expected), "\(outcome)")
    }
}
