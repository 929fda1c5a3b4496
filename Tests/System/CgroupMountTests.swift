import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// `mounts` of type `cgroup`, on whichever version of cgroups the machine has.
@Suite("A container sees its own cgroups and no others", .leavesNothingBehind)
struct CgroupMountTests {
    let scratch: Scratch
    private var fixture: MountFixture { MountFixture(scratch: scratch) }
    init() throws { scratch = try Scratch() }

    private static var folder: String {
        get throws { try Machine.hasUnifiedCgroups ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids" }
    }

    private static let circumstances = [(true, false), (false, false), (true, true), (false, true)]

    @Test(
        "with and without namespaces of its own, and read-only when asked (cgroup-writable)", arguments: circumstances)
    func own(hasNamespace: Bool, inUserNamespace: Bool) throws {
        let folder = try Self.folder
        let outcome = try fixture.run(
            "cat \(folder)/cgroup.procs | wc -l; mkdir \(folder)/new 2>&1; ls \(folder)/..",
            inUserNamespace: inUserNamespace
        ) {
            $0.linux?.namespaces?.removeAll { $0.type == .cgroup }
            if hasNamespace { $0.linux?.namespaces?.append(Namespace(type: .cgroup)) }
        }
        // The shell, cat and wc; but whom root shows all of cgroup v2, by its paths on the host, sees those of its root.
        if try hasNamespace || inUserNamespace || !Machine.hasUnifiedCgroups {
            #expect(outcome.lines.first == "3", "\(outcome)")
        }
        #expect(outcome.output.contains("Read-only file system"), "\(outcome)")
    }

    @Test("without a cgroup namespace, root shows on cgroup v2 the path that a process reads of itself")
    func path() throws {
        guard try Machine.hasUnifiedCgroups else { return }
        let script = "cat /sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/cgroup.procs | wc -l"
        let outcome = try fixture.run(script) { $0.linux?.namespaces?.removeAll { $0.type == .cgroup } }
        #expect(Int(outcome.lines.first ?? "") ?? 0 >= 3, "\(outcome)")
    }

    @Test("a mount that is not read-only lets the container make cgroups below its own", arguments: [true, false])
    func writable(hasNamespace: Bool) throws {
        let isOfHost = try !hasNamespace && Machine.hasUnifiedCgroups
        let folder = try Self.folder + (isOfHost ? "$(sed -n 's/^0:://p' /proc/self/cgroup)" : "")
        let outcome = try fixture.run("mkdir \(folder)/new && rmdir \(folder)/new && echo made") {
            $0.linux?.namespaces?.removeAll { $0.type == .cgroup }
            if hasNamespace { $0.linux?.namespaces?.append(Namespace(type: .cgroup)) }
            $0.mounts?.removeAll { $0.destination == "/sys/fs/cgroup" }
            $0.mounts?.append(
                Mount(
                    destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
                    options: ["nosuid", "noexec", "nodev", "relatime"]))
        }
        #expect(outcome.output == "made\n", "\(outcome)")
    }
}
