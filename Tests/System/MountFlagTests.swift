import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// config.md, "Mounts", on this machine's kernel.
@Suite("Flags of mounts are those of config.md", .leavesNothingBehind)
struct MountFlagTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private var fixture: MountFixture { MountFixture(scratch: scratch) }

    struct Flags: CustomTestStringConvertible, Sendable {
        let source: String
        let options: [String]
        /// Without and with a user namespace; nil where it must be refused.
        let expected: (String?, String?)
        var testDescription: String { "\(source) bound with \(options)" }

        init(_ source: String, _ options: [String], _ plain: String?, _ locked: String?) {
            (self.source, self.options, expected) = (source, options, (plain, locked))
        }
    }

    static let flags: [Flags] = [
        Flags("ro,noexec,nodiratime,relatime", [], "ro,noexec,nodiratime,relatime", "ro,noexec,nodiratime,relatime"),
        Flags("ro,noexec,relatime", ["dev"], "rw,relatime", "ro,noexec,relatime"),
        Flags("ro,relatime", ["nosuid", "rprivate"], "rw,nosuid,relatime", "ro,nosuid,relatime"),
        Flags("ro,relatime", ["rw"], "rw,relatime", nil),
        Flags("nodev,nosuid,noexec,noatime", ["ro"], "ro,noatime", "ro,nosuid,nodev,noexec,noatime"),
        Flags("nodev,nosuid,noatime", ["dev", "suid"], "rw,noatime", nil),
        Flags("noatime", ["strictatime"], "rw", nil),
        Flags("noatime", ["relatime"], "rw,relatime", nil),
        Flags("noatime", ["atime"], "rw,noatime", "rw,noatime"),
        Flags("noatime", ["nodiratime"], "rw,nodiratime,relatime", nil),
    ]

    @Test("a bind mount keeps its source's flags until an option names one; locked ones stay", arguments: flags)
    func bindFlags(_ flags: Flags) throws {
        let source = try fixture.hostMount("source", flags.source)
        for (inUserNamespace, expected) in [(false, flags.expected.0), (true, flags.expected.1)] {
            let outcome = try fixture.run(MountFixture.showFlags, inUserNamespace: inUserNamespace) {
                $0.mounts?.append(Mount(destination: "/m", source: source, options: ["bind"] + flags.options))
            }
            guard let expected else {
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("operation not permitted"))
                continue
            }
            #expect(outcome.output == "/m \(expected)\n", "\(inUserNamespace): \(outcome)")
        }
    }

    @Test("in a user namespace nobody makes writable what the host has read-only", arguments: [0o755, 0o700])
    func locked(mode: Int) throws {
        let source = try fixture.hostMount("private/source", "ro")
        try Command("chmod", [String(mode, radix: 8), scratch("private")]).succeed()
        let outcome = try fixture.run("mount -o remount,bind,rw /m; touch /m/new", inUserNamespace: true) {
            $0.allow("CAP_SYS_ADMIN")
            $0.mounts?.append(Mount(destination: "/m", source: source, options: ["bind"]))
        }
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("Read-only file system"))
        #expect(Files.names(in: source).isEmpty)
    }

    @Test(
        "recursive options act on what is mounted below, too",
        arguments: [
            ("rro", "ro,relatime"), ("rnosuid", "rw,nosuid,relatime"), ("rnodev", "rw,nodev,relatime"),
            ("rnoexec", "rw,noexec,relatime"), ("rnoatime", "rw,noatime"), ("rstrictatime", "rw"),
            ("rnodiratime", "rw,nodiratime,relatime"), ("rnosymfollow", "rw,relatime,nosymfollow"),
        ])
    func recursive(_ word: String, _ expected: String) throws {
        let source = try fixture.hostMount("source", "relatime")
        _ = try fixture.hostMount("source/below", "relatime")
        let outcome = try fixture.run(MountFixture.showFlags) {
            $0.mounts?.append(Mount(destination: "/m1", source: source, options: ["rbind", word]))
            $0.mounts?.append(Mount(destination: "/m2", source: source, options: ["rbind", "ro"]))
        }
        #expect(
            outcome.lines == [
                "/m1 \(expected)", "/m1/below \(expected)", "/m2 ro,relatime", "/m2/below rw,relatime",
            ], "\(outcome)")
    }

    @Test("recursive options undo what the source has")
    func recursiveOpposites() throws {
        let source = try fixture.hostMount("source", "ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow")
        let words = ["rrw", "rsuid", "rdev", "rexec", "ratime", "rdiratime", "rsymfollow"]
        let outcome = try fixture.run(MountFixture.showFlags) {
            $0.mounts?.append(Mount(destination: "/m", source: source, options: ["rbind"] + words))
        }
        #expect(outcome.output == "/m rw,relatime\n")
    }

    @Test("options of the file system itself, and those that mean its default, are accepted for new ones")
    func filesystemFlags() throws {
        let words = [
            "defaults", "async", "dirsync", "lazytime", "loud", "nomand", "noiversion", "nolazytime", "silent", "sync",
        ]
        let outcome = try fixture.run(MountFixture.showFlags + "; grep ' /m1 ' /proc/self/mounts") {
            $0.mounts?.append(Mount(destination: "/m1", type: "tmpfs", source: "tmpfs", options: words))
            $0.mounts?.append(Mount(destination: "/m2", type: "tmpfs", source: "tmpfs", options: ["iversion", "ro"]))
        }
        #expect(outcome.lines.prefix(2) == ["/m1 rw,relatime", "/m2 ro,relatime"], "\(outcome)")
        #expect(outcome.output.contains("sync"))
    }

    @Test("remount changes what is mounted already, and all of its flags")
    func remount() throws {
        let outcome = try fixture.run(MountFixture.showFlags) {
            $0.mounts?.append(Mount(destination: "/m", type: "tmpfs", source: "tmpfs", options: ["nosuid", "noexec"]))
            $0.mounts?.append(Mount(destination: "/m", type: "tmpfs", options: ["remount", "bind", "ro", "noexec"]))
        }
        #expect(outcome.output == "/m ro,noexec,relatime\n", "\(outcome)")
    }
}
