import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Mounts, namespaces and devices in which Debian's runc and crun agree. Where newer ones differ, runc 1.5 is followed,
/// and the kernel asked: ``MountFlagTests``.
@Suite("wherry-runtime mounts what runc and crun mount", .leavesNothingBehind)
struct MountConformanceTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private typealias Question = ConformanceTests.Question

    private static func question(_ about: String, _ script: String, _ mounts: [Mount]) -> ConformanceTests.Question {
        Question(about, script) { $0.mounts?.append(contentsOf: mounts) }
    }

    private static func new(_ destination: String, _ options: [String]) -> Mount {
        Mount(destination: destination, type: "tmpfs", source: "tmpfs", options: options)
    }

    private static func bind(_ source: String, _ destination: String, _ options: [String]) -> Mount {
        Mount(destination: destination, type: "none", source: source, options: options)
    }

    static let questions: [ConformanceTests.Question] = [
        question(
            "flags of new file systems", MountFixture.showFlags,
            [
                new("/m1", ["noatime"]), new("/m2", ["strictatime", "nodiratime"]), new("/m3", ["norelatime"]),
                new("/m4", ["ro", "nosuid", "nodev", "noexec"]),
                new("/m6", ["sync", "dirsync", "lazytime"]),
            ]),
        question(
            "flags of bind mounts", MountFixture.showFlags,
            [
                bind("/etc", "/m1", ["bind", "ro"]), bind("/etc", "/m2", ["rbind", "nosuid", "noexec", "nodev"]),
                bind("/etc/hosts", "/m3", ["bind", "noatime"]), bind("/etc", "/m4", ["rbind", "rro"]),
            ]),
        question(
            "remount", MountFixture.showFlags,
            [
                new("/m", ["nosuid"]),
                Mount(destination: "/m", type: "tmpfs", source: "tmpfs", options: ["remount", "ro", "noexec"]),
            ]),
        question(
            "destinations that are not there", "ls /m/below /etc/m2",
            [bind("/etc/hosts", "/m/below", ["bind"]), bind("/etc/hosts", "/m/../etc/m2", ["bind"])]),
        question(
            "mode and size of a tmpfs", "stat -c '%n %a' /m2 /tmp; df -k /m2 | tail -1 | awk '{ print $2 }'",
            [new("/m2", ["mode=755", "size=128k"]), new("/tmp", [])]),
        Question("a read-only root with writable mounts", "touch /x /m/x; echo $?; ls /m") {
            $0.root?.readonly = true
            $0.mounts?.append(new("/m", []))
        },
        Question("devices and their owners", "stat -c '%n %F %t:%T %a %u %g' /dev/a /b/c /dev/tty") {
            $0.linux?.devices = [
                Device(path: "/dev/a", type: "c", major: 1, minor: 5, fileMode: 0o644, uid: 1, gid: 2),
                Device(path: "/b/c", type: "b", major: 7, minor: 3, fileMode: 0o600),
            ]
        },
        Question(
            "masked files and directories",
            "cat /etc/passwd | wc -c; ls -A /etc/network 2>&1; touch /etc/network/x 2>&1"
        ) { $0.linux?.maskedPaths = ["/etc/passwd", "/etc/network", "/not/there"] },
        Question(
            "read-only paths",
            "touch /etc/x /bin/x 2>&1; echo $?; awk '$5 == \"/etc\" { print $6 }' /proc/self/mountinfo"
        ) { $0.linux?.readonlyPaths = ["/etc", "/not/there"] },
    ]

    @Test("what a container finds of its mounts", arguments: questions)
    func finds(_ question: ConformanceTests.Question) throws { try question.compare(in: scratch) }

    static let mapped: [ConformanceTests.Question] = [
        Question("ids", "id -u; cat /proc/self/uid_map /proc/self/gid_map; stat -c '%u %g' / /etc") { _ in },
        Question("devices in a user namespace", "cd /dev; stat -c '%n %t:%T %a %u' null zero full tty; echo > null") {
            _ in
        },
        question(
            "bind mounts in a user namespace", MountFixture.showFlags + "; stat -c %u /m1",
            [bind("/etc", "/m1", ["bind", "ro"]), bind("/etc/hosts", "/m2", ["bind"])]),
        question("a tmpfs in a user namespace", "stat -c '%u %a' /m; touch /m/x", [new("/m", ["mode=755"])]),
    ]

    @Test("what a container in a user namespace finds", arguments: mapped)
    func findsMapped(_ question: ConformanceTests.Question) throws {
        try question.compare(in: scratch, asUser: 100_000)
    }
}
