import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Rows of ATTACKS.md, "Runtime", about mounts, as the races that they were: a swapper shares a directory with the
/// container that is being made. Each round may succeed or be refused; the host must look as before.
@Suite("A runtime survives races for its mounts", .leavesNothingBehind)
struct MountRaceTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private static let rounds = 12

    /// A folder of the host's that nothing of a container may show up in.
    private func victim() throws -> String {
        let folder = try scratch.directory("victim")
        try scratch.file("victim/secret", "secret")
        return folder
    }

    private func expectUntouched(_ folder: String) throws {
        #expect(Files.names(in: folder) == ["secret"])
        #expect(try Files.read(folder + "/secret") == "secret")
        #expect(MountTable.ofThisProcess.points(below: folder).isEmpty)
    }

    private func bundle(_ script: String, _ configure: (inout RuntimeConfiguration) -> Void = { _ in }) throws -> Bundle
    {
        try Bundle(in: scratch, running: ["sh", "-c", script], configure: configure)
    }

    /// Makes and runs the container again and again while `path` is swapped for a link to `target`.
    private func race(
        _ bundle: Bundle, swapping path: String, for target: String, _ check: (Outcome) throws -> Void = { _ in }
    ) throws {
        let swapper = try Swapper(path, linkTo: target)
        try swapper.whileSwapping {
            for _ in 0..<Self.rounds {
                let outcome = try Container(bundle, in: scratch, by: .wherry).run()
                #expect([0, 1].contains(outcome.status), "\(outcome)")
                try check(outcome)
            }
        }
    }

    private func volume(at destination: String) throws -> Mount {
        Mount(destination: destination, type: "bind", source: try scratch.directory("volume"), options: ["rbind"])
    }

    @Test("mount-symlink-race: the target of a mount in a shared volume is swapped for a link to the host")
    func target() throws {
        let host = try victim()
        let volume = try volume(at: "/volume")
        try scratch.directory("volume/a/b")
        // Where the link leads on the host, and where in the container.
        let bundle = try bundle("touch /volume/a/b/new /volume/a/made/new; mount | grep -c ' /victim'") {
            $0.mounts?.append(volume)
            $0.mounts?.append(Mount(destination: "/volume/a/b", type: "tmpfs", source: "tmpfs"))
            $0.mounts?.append(Mount(destination: "/volume/a/made", type: "tmpfs", source: "tmpfs"))
            $0.mounts?.append(
                Mount(destination: "/volume/a/file", type: "bind", source: "/etc/hostname", options: ["bind", "ro"]))
        }
        try race(bundle, swapping: scratch("volume/a"), for: host)
        try expectUntouched(host)
        try race(bundle, swapping: scratch("volume/a"), for: "../../../../../../../.." + host)
        try expectUntouched(host)
    }

    @Test("rootfs-symlink: the root itself is swapped for a link out of the bundle")
    func root() throws {
        let host = try victim()
        let bundle = try bundle("ls /secret; touch /new")
        try race(bundle, swapping: bundle.rootfs, for: host) { #expect(!$0.output.contains("secret")) }
        try expectUntouched(host)
    }

    @Test("dev-symlink: /dev of the image is swapped for a link to the host while devices are made")
    func devices() throws {
        let host = try victim()
        let bundle = try bundle("true") {
            $0.mounts?.removeAll { $0.destination.hasPrefix("/dev") }
            $0.linux?.devices = [Device(path: "/dev/extra", type: "c", major: 1, minor: 3)]
        }
        try scratch.directory("bundle/rootfs/dev")
        try race(bundle, swapping: bundle.rootfs + "/dev", for: host)
        try expectUntouched(host)
    }

    @Test("proc-mount-cover: /proc is swapped while procfs is mounted and its files are masked")
    func procfs() throws {
        let host = try victim()
        let bundle = try bundle("cat /proc/timer_list | wc -c; echo x > /proc/sysrq-trigger; echo $?")
        try scratch.directory("bundle/rootfs/decoy")
        try race(bundle, swapping: bundle.rootfs + "/proc", for: "decoy") { outcome in
            // What was masked as /proc/timer_list is so wherever procfs is found.
            if outcome.status == 0 { #expect(outcome.lines.first == "0", "\(outcome)") }
        }
        try expectUntouched(host)
    }

    @Test("masked-path-swap: what is masked, and the image's /dev/null, are swapped meanwhile")
    func masks() throws {
        let host = try victim()
        try scratch.directory("volume")
        try Files.write(scratch("volume/masked"), "readable")
        try Files.write(scratch("volume/null"), "not null")
        let volume = try volume(at: "/volume")
        let bundle = try bundle("wc -c < /proc/timer_list; cat /volume/masked | grep -c secret") {
            $0.mounts?.append(volume)
            $0.linux?.maskedPaths = ["/volume/masked", "/proc/timer_list"]
        }
        try race(bundle, swapping: scratch("volume/masked"), for: host + "/secret") { outcome in
            #expect(outcome.lines == ["0", "0"], "\(outcome)")
        }
        try expectUntouched(host)
    }

    @Test("masked-path-swap: a /dev/null that is swapped for a file of procfs never becomes a mask")
    func nullDevice() throws {
        let before = try Files.read("/proc/sys/kernel/hostname")
        try scratch.directory("volume")
        try Descriptor.workingDirectory.makeNode(
            scratch("volume/null"), kind: .characterDevice, mode: 0o666, major: 1, minor: 3)
        let volume = try volume(at: "/dev")
        let bundle = try bundle("cat /proc/timer_list; echo gotcha > /proc/timer_list") {
            $0.mounts?.removeAll { $0.destination.hasPrefix("/dev") }
            $0.mounts?.append(volume)
            $0.linux?.maskedPaths = ["/proc/timer_list"]
        }
        try race(bundle, swapping: scratch("volume/null"), for: "/proc/sys/kernel/hostname") { outcome in
            #expect(outcome.output.isEmpty, "\(outcome)")
        }
        #expect(try Files.read("/proc/sys/kernel/hostname") == before)
    }

    @Test("console-swap: /dev/console is swapped for a link while the terminal is mounted on it")
    func console() throws {
        let host = try victim()
        try scratch.directory("volume/pts")
        try Files.write(scratch("volume/console"), "")
        let volume = try volume(at: "/dev")
        let bundle = try bundle("tty; echo typed > /dev/console") {
            $0.process?.terminal = true
            $0.mounts?.removeAll { $0.destination.hasPrefix("/dev") }
            $0.mounts?.append(volume)
            $0.mounts?.append(
                Mount(
                    destination: "/dev/pts", type: "devpts", source: "devpts",
                    options: ["newinstance", "ptmxmode=0666", "mode=0620"]))
        }
        try race(bundle, swapping: scratch("volume/console"), for: host + "/secret")
        try expectUntouched(host)
        try race(bundle, swapping: scratch("volume/console"), for: "/proc/sys/kernel/hostname")
    }

    @Test("procfs-redirect: what is written to procfs is written there, however a shared mount would redirect it")
    func redirect() throws {
        let file = "/proc/sys/net/ipv4/ip_forward"
        let before = try Files.read(file)
        try scratch.directory("volume/d")
        try scratch.file("volume/d/ip_forward", "decoy")
        let volume = try volume(at: "/volume")
        let bundle = try bundle("cat \(file)") {
            $0.mounts?.append(volume)
            $0.mounts?.append(
                Mount(destination: "/volume/d", type: "bind", source: scratch("volume"), options: ["bind"]))
            $0.linux?.sysctl = ["net.ipv4.ip_forward": "1"]
        }
        try race(bundle, swapping: scratch("volume/d"), for: "/proc/sys/net/ipv4") { outcome in
            if outcome.status == 0 { #expect(outcome.output == "1\n", "\(outcome)") }
        }
        #expect(try Files.read(file) == before)
        #expect(try Files.read(scratch("volume/d/ip_forward")) == "decoy")
    }
}
