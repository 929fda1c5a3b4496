import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("Owners of files in mounts are mapped as config.md says", .leavesNothingBehind)
struct MountOwnerTests {
    let scratch: Scratch
    private var fixture: MountFixture { MountFixture(scratch: scratch) }
    init() throws { scratch = try Scratch() }

    private let single = [IDMapping(containerID: 0, hostID: 200_000, size: 10)]

    private func ownedSource() throws -> String {
        let source = try scratch.directory("owned")
        try scratch.file("owned/root", "")
        try scratch.file("owned/five", "")
        try Command("chown", ["5:6", source + "/five"]).succeed()
        return source
    }

    private static let showOwners = "for f in /m*/five; do stat -c '%n %u %g' $f; done"

    @Test("idmap: a mount's own mappings decide whose its files are")
    func idMap() throws {
        let source = try ownedSource()
        let outcome = try fixture.run(Self.showOwners) {
            $0.mounts?.append(
                Mount(
                    destination: "/m1", source: source, options: ["bind", "idmap"], uidMappings: single,
                    gidMappings: [IDMapping(containerID: 6, hostID: 77, size: 1)]))
            $0.mounts?.append(Mount(destination: "/m2", source: source, options: ["bind"]))
            $0.mounts?.append(
                Mount(destination: "/m3", source: source, options: ["bind"], uidMappings: single, gidMappings: single))
        }
        #expect(outcome.lines == ["/m1/five 200005 77", "/m2/five 5 6", "/m3/five 200005 200006"], "\(outcome)")
    }

    @Test("idmap in a user namespace: with its mappings files are the container's, with own ones what these say")
    func idMapInUserNamespace() throws {
        let source = try ownedSource()
        let own = [IDMapping(containerID: 0, hostID: 101_000, size: 10)]
        let outcome = try fixture.run(Self.showOwners + "; touch /m1/made", inUserNamespace: true) {
            $0.mounts?.append(Mount(destination: "/m1", source: source, options: ["bind", "idmap"]))
            $0.mounts?.append(Mount(destination: "/m2", source: source, options: ["bind"]))
            $0.mounts?.append(
                Mount(
                    destination: "/m3", source: source, options: ["bind", "idmap"], uidMappings: own, gidMappings: own))
        }
        #expect(
            outcome.lines == ["/m1/five 5 6", "/m2/five 65534 65534", "/m3/five 1005 1006"], "\(outcome)")
        // What its root makes there is root's outside.
        #expect(try Descriptor.workingDirectory.status(of: source + "/made").owner == 0)
    }

    @Test("idmap maps the mount, ridmap also what is mounted below")
    func recursiveIDMap() throws {
        // Not tmpfs, whose owners kernels before 6.3 cannot map.
        let (source, below) = (try scratch.directory("source"), try scratch.directory("below"))
        try Command("mount", ["--bind", source, source]).succeed()
        try Command("mount", ["--bind", below, try scratch.directory("source/below")]).succeed()
        let outcome = try fixture.run("stat -c %u /m1 /m1/below /m2 /m2/below") {
            for (destination, word) in [("/m1", "idmap"), ("/m2", "ridmap")] {
                $0.mounts?.append(
                    Mount(
                        destination: destination, source: source, options: ["rbind", word], uidMappings: single,
                        gidMappings: single))
            }
        }
        #expect(outcome.lines == ["200000", "0", "200000", "200000"], "\(outcome)")
    }

    @Test("a file system that cannot map owners is refused with a hint")
    func noIDMap() throws {
        let outcome = try fixture.run("true") {
            $0.mounts?.append(
                Mount(
                    destination: "/m", source: "/proc", options: ["bind", "idmap"], uidMappings: single,
                    gidMappings: single))
        }
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("mounts[7]"))
        #expect(outcome.errors.contains("MOUNT_ATTR_IDMAP"))
    }
}
