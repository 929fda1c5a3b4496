import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// config-linux.md, "Devices" and "Default Devices"; runtime-linux.md, "Dev symbolic links".
@Suite("Devices are those of the configuration and of the specification", .leavesNothingBehind)
struct DeviceTests {
    let scratch: Scratch
    private var fixture: MountFixture { MountFixture(scratch: scratch) }
    init() throws { scratch = try Scratch() }

    @Test("a device has the type, numbers, mode and owner that it is given, wherever it is")
    func devices() throws {
        let outcome = try fixture.run("stat -c '%n %F %t %T %a %u %g' /dev/a /made/for/b /dev/pipe /dev/ptmx /dev/tty")
        {
            $0.linux?.devices = [
                Device(path: "/dev/a", type: "c", major: 1, minor: 3, fileMode: 0o640, uid: 5, gid: 6),
                Device(path: "/made/for/b", type: "b", major: 7, minor: 200),
                Device(path: "/dev/pipe", type: "p", fileMode: 0o4600),
                Device(path: "/dev/ptmx", type: "c", major: 5, minor: 2),
                Device(path: "/dev/tty", type: "u", major: 5, minor: 0, fileMode: 0o600),
            ]
        }
        #expect(
            outcome.lines == [
                "/dev/a character special file 1 3 640 5 6", "/made/for/b block special file 7 c8 666 0 0",
                "/dev/pipe fifo 0 0 4600 0 0", "/dev/ptmx symbolic link 0 0 777 0 0",
                "/dev/tty character special file 5 0 600 0 0",
            ], "\(outcome)")
    }

    @Test("a file at a device's path that is another one is an error")
    func mismatch() throws {
        try scratch.file("other", "")
        let outcome = try fixture.run("true") {
            $0.mounts?.append(Mount(destination: "/dev/x", source: scratch("other"), options: ["bind"]))
            $0.linux?.devices = [Device(path: "/dev/x", type: "c", major: 1, minor: 3)]
        }
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("cannot make device /dev/x"), "\(outcome)")
    }

    @Test("in a user namespace devices are the host's, and can be used")
    func inUserNamespace() throws {
        let outcome = try fixture.run(
            "cd /dev; stat -c '%n %t %T' null full; echo x > null; echo y > pipe & cat pipe; head -c 3 zero | wc -c",
            inUserNamespace: true
        ) {
            $0.linux?.devices = [Device(path: "/dev/pipe", type: "p")]
        }
        #expect(outcome.lines == ["null 1 3", "full 1 7", "y", "3"], "\(outcome)")
        let missing = try fixture.run("true", inUserNamespace: true) {
            $0.linux?.devices = [Device(path: "/dev/not-on-the-host", type: "c", major: 1, minor: 3)]
        }
        #expect(missing.status == 1)
        #expect(missing.errors.contains("/dev/not-on-the-host"))
    }

    @Test("links lead to the process's own streams; an image's ptmx gives way to that of its devpts")
    func links() throws {
        let bundle = try Bundle(
            in: scratch,
            running: ["sh", "-c", "cd /dev; for l in fd stdin stdout stderr ptmx; do readlink $l; done; ls core"]
        ) {
            $0.mounts?.removeAll { $0.destination.hasPrefix("/dev") }
        }
        try scratch.directory("bundle/rootfs/dev")
        try scratch.file("bundle/rootfs/dev/ptmx", "image's")
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        #expect(
            outcome.lines.prefix(5) == [
                "/proc/self/fd", "/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2", "pts/ptmx",
            ], "\(outcome)")
        #expect(outcome.lines.contains("core") == Files.exists("/proc/kcore"))
    }
}
