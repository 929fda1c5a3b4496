import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// config-linux.md, "Namespaces", "User namespace mappings", "Offset for Time Namespace".
@Suite("A container is in the namespaces that its configuration names", .leavesNothingBehind)
struct NamespaceTests {
    let scratch: Scratch
    private var fixture: MountFixture { MountFixture(scratch: scratch) }
    init() throws { scratch = try Scratch() }

    private static let ownNamespaces: [NamespaceType] = [.ipc, .uts, .network, .pid, .cgroup]

    /// A container that holds namespaces, another that joins them by path, and what that one prints.
    private func join(
        _ types: [NamespaceType], _ script: String, inUserNamespace: Bool = false,
        _ configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws -> (holder: Int32, outcome: Outcome) {
        let bundle = try Bundle(in: scratch, named: "holder", running: ["sleep", "1000"]) {
            $0.linux?.namespaces?.append(Namespace(type: .time))
            if inUserNamespace { $0.mapUsers() }
        }
        if inUserNamespace { try bundle.giveRoot() }
        let holder = try Container(bundle, in: scratch, by: .wherry)
        for outcome in [try holder.create(), try holder.start()] { #expect(outcome.status == 0, "\(outcome)") }
        let pid = try #require(try holder.pid)
        let joiner = try Bundle(in: scratch, named: "joiner", running: ["sh", "-c", script]) {
            $0.linux?.namespaces?.removeAll { types.contains($0.type) }
            for type in types {
                let name = type == .network ? "net" : type == .mount ? "mnt" : type.rawValue
                $0.linux?.namespaces?.append(Namespace(type: type, path: "/proc/\(pid)/ns/\(name)"))
            }
            configure(&$0)
        }
        if inUserNamespace { try joiner.giveRoot() }
        let outcome = try Container(joiner, in: scratch, by: .wherry).run()
        #expect(try holder.command("delete", ["--force", holder.id]).run().status == 0)
        return (pid, outcome)
    }

    @Test("those with a path are joined, all others are new")
    func joined() throws {
        let script = "for n in ipc uts net pid cgroup time mnt; do readlink /proc/self/ns/$n; done; hostname"
        let types = Self.ownNamespaces + [.time]
        var held: [String] = []
        let (_, outcome) = try join(types, script) { configuration in
            held = types.compactMap { type in
                let path = configuration.linux?.namespaces?.first { $0.type == type }?.path
                return try? Descriptor.workingDirectory.readSymbolicLink(path ?? "")
            }
        }
        #expect(held.count == 6)
        #expect(held == [0, 1, 2, 3, 4, 5].map { outcome.lines[$0] }, "\(outcome)")
    }

    @Test("a user namespace is joined with its mappings; new namespaces are then its own")
    func joinedUser() throws {
        let (_, outcome) = try join([.user], "cat /proc/self/uid_map; hostname; id -u", inUserNamespace: true) {
            $0.hostname = "inside"
        }
        let words = outcome.output.split(whereSeparator: \.isWhitespace)
        #expect(words == ["0", "100000", "65536", "inside", "0"], "\(outcome)")
    }

    @Test("mappings beside the path of a user namespace must be its own", arguments: [100_000, 100_001])
    func mappings(host: UInt32) throws {
        let (_, outcome) = try join([.user], "true", inUserNamespace: true) {
            let mappings = [IDMapping(containerID: 0, hostID: host, size: 65_536)]
            $0.linux?.uidMappings = mappings
            $0.linux?.gidMappings = mappings
        }
        #expect((outcome.status == 0) == (host == 100_000), "\(outcome)")
        if host != 100_000 { #expect(outcome.errors.contains("linux.uidMappings")) }
    }

    @Test("a path that is no namespace of that type is an error, and so is one that is not there")
    func wrongPaths() throws {
        for (path, words) in [
            ("/proc/self/ns/uts", "type network"), ("/etc/hostname", "type network"), ("/not/there", "/not/there"),
        ] {
            let outcome = try fixture.run("true") {
                $0.linux?.namespaces?.removeAll { $0.type == .network }
                $0.linux?.namespaces?.append(Namespace(type: .network, path: path))
            }
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(words), "\(outcome)")
        }
    }

    @Test("the clocks of a time namespace are offset, also in a user namespace", arguments: [false, true])
    func clocks(inUserNamespace: Bool) throws {
        let outcome = try fixture.run(
            "cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime", inUserNamespace: inUserNamespace
        ) {
            $0.linux?.namespaces?.append(Namespace(type: .time))
            $0.linux?.timeOffsets = [
                "monotonic": TimeOffset(secs: 7881, nanosecs: 2_718_281), "boottime": TimeOffset(secs: 10_000_000),
            ]
        }
        let words = outcome.output.split(whereSeparator: \.isWhitespace)
        #expect(words.prefix(6) == ["monotonic", "7881", "2718281", "boottime", "10000000", "0"], "\(outcome)")
        #expect(Int(words.last ?? "") ?? 0 > 10_000_000)
    }

    @Test("without a mount namespace a container shares the host's mounts and has a root of its own, also for exec")
    func noMountNamespace() throws {
        let script = "readlink /proc/self/ns/mnt; ls -d /bundle-file; sleep 1000"
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script]) {
            $0.linux?.namespaces?.removeAll { $0.type == .mount }
            $0.linux?.maskedPaths = nil
            $0.linux?.readonlyPaths = nil
        }
        try scratch.file("bundle/rootfs/bundle-file", "")
        let container = try Container(bundle, in: scratch, by: .wherry)
        for outcome in [try container.create(), try container.start()] { #expect(outcome.status == 0, "\(outcome)") }
        let listed = try container.command("exec", [container.id, "ls", "-d", "/bundle-file"]).run()
        #expect(listed.output == "/bundle-file\n", "\(listed)")
        let own = try Descriptor.workingDirectory.readSymbolicLink("/proc/self/ns/mnt")
        try eventually("the container tells its namespace and its root") {
            try Files.read(container.log) == own + "\n/bundle-file\n"
        }
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
        // Whoever shares its mounts unmounts what was mounted.
        #expect(MountTable.ofThisProcess.points.contains(bundle.rootfs + "/proc"))
        try Command("umount", ["-R", "--lazy", bundle.rootfs]).succeed()
    }

    @Test("ids of a user namespace are mapped as the lists say, several ranges of them")
    func ranges() throws {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", "cat /proc/self/uid_map /proc/self/gid_map"]) {
            $0.mapUsers()
            $0.linux?.uidMappings = [
                IDMapping(containerID: 0, hostID: 100_000, size: 10),
                IDMapping(containerID: 50, hostID: 300_000, size: 1),
            ]
        }
        try bundle.giveRoot()
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        let words = outcome.output.split(whereSeparator: \.isWhitespace)
        #expect(words == ["0", "100000", "10", "50", "300000", "1", "0", "100000", "65536"], "\(outcome)")
    }

    @Test(
        "without pivot_root no procfs of the host's is left for a namespace inside to show, and the container's is",
        arguments: ["rootfs", "./rootfs/../rootfs"])
    func noPivot(root: String) throws {
        let script = "cat /proc/self/comm; unshare -mrpf sh -c 'mount -t proc none /proc && cat /proc/timer_list'"
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script]) {
            $0.allow("CAP_SETFCAP")
            $0.root?.path = root
        }
        let before = MountTable.ofThisProcess.points
        let outcome = try Container(bundle, in: scratch, by: .wherry).run(["--no-pivot"])
        #expect(outcome.status != 0)
        #expect(outcome.output == "cat\n")
        #expect(outcome.errors.contains("mount: permission denied"), "\(outcome)")
        #expect(MountTable.ofThisProcess.points.filter { $0 == "/proc" } == before.filter { $0 == "/proc" })
    }
}
