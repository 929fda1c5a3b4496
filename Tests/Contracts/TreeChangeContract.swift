import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Testing

@testable import Layers
@testable import Snapshots

/// What every snapshotter tells of a container's changes.
@Suite("every snapshotter, of changes")
struct TreeChangeContract {
    let scratch: Scratch
    private let here = Descriptor.workingDirectory

    init() throws { scratch = try Scratch() }

    /// A container `c` on one layer that `script` made, and then changed by `change` where it is mounted.
    private func container(_ kind: SnapshotterKind, madeBy script: String, _ change: String) throws -> any Snapshotter {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let tree = try scratch.directory("tree")
        try Command("sh", ["-ec", script]).changed { $0.directory = tree }.succeed()
        let archive = scratch("layer.tar")
        try Command("tar", ["--create", "--file", archive, "--directory", tree, "."]).succeed()
        let chain = try #require(try ChainID.of([try Digest.of(try here.readFile(archive))]))
        _ = try snapshotter.unpack(archive, as: chain, above: nil)
        try snapshotter.prepareContainer("c", on: chain)
        let target = try scratch.directory("root")
        try snapshotter.mount("c", at: target)
        defer { try? snapshotter.unmount(at: target) }
        try Command("sh", ["-ec", change]).changed { $0.directory = target }.succeed()
        return snapshotter
    }

    private func lines(_ snapshotter: any Snapshotter, ignoring places: [String] = []) throws -> [String] {
        try snapshotter.changes(ofContainer: "c", ignoring: Set(places.map { Array($0.utf8) }))
            .map { "\($0.kind.rawValue) \(String(decoding: $0.path, as: UTF8.self))" }
    }

    @Test("what is added, changed and deleted, and the directories around it", arguments: SnapshotterKind.allCases)
    func kinds(_ kind: SnapshotterKind) throws {
        let snapshotter = try container(
            kind, madeBy: "mkdir -p etc kept gone/deep; echo a >etc/a; echo b >etc/b; echo k >kept/k; ln -s a etc/l",
            "echo more >>etc/a; rm etc/b; rm -r gone; echo n >etc/n; mkdir new; echo x >new/x; ln -sf b etc/l")
        let changed = ["C etc", "C etc/a", "D etc/b", "C etc/l", "A etc/n", "D gone", "A new", "A new/x"]
        #expect(try lines(snapshotter) == changed)
    }

    @Test("a directory that was removed and made again has nothing of what it had", arguments: SnapshotterKind.allCases)
    func opaque(_ kind: SnapshotterKind) throws {
        let snapshotter = try container(
            kind, madeBy: "mkdir -p d/sub; echo 1 >d/one; echo 2 >d/sub/two",
            "rm -r d; mkdir -p d/sub; echo 3 >d/three")
        #expect(try lines(snapshotter) == ["C d", "D d/one", "C d/sub", "D d/sub/two", "A d/three"])
    }

    @Test(
        "empty places for mounts are nobody's change, and a file with content there is",
        arguments: SnapshotterKind.allCases)
    func places(_ kind: SnapshotterKind) throws {
        let snapshotter = try container(
            kind, madeBy: "mkdir etc", "mkdir proc dev dev/pts; touch etc/hosts; echo x >etc/hostname")
        let places = ["proc", "dev", "dev/pts", "etc/hosts", "etc/hostname"]
        #expect(try lines(snapshotter, ignoring: places) == ["C etc", "A etc/hostname"])
        #expect(try lines(snapshotter).count == 6)
    }

    @Test("a layer of the changes makes the same tree above the same layer", arguments: SnapshotterKind.allCases)
    func layer(_ kind: SnapshotterKind) throws {
        let long = String(repeating: "n", count: 200)
        let snapshotter = try container(
            kind, madeBy: "mkdir -p d/sub usr; echo 1 >d/one; echo 2 >d/sub/two; echo u >usr/u",
            """
            rm -r d; mkdir -p d/sub; echo 3 >d/three; ln d/three hard; mknod p p; mknod null c 1 3; rm usr/u
            echo s >set; chown 7:8 set; chmod 6755 set; touch "$(printf 'a\\377b')"; echo l >\(long)
            """)
        let changes = try snapshotter.changes(ofContainer: "c", ignoring: [])
        let tree = try snapshotter.changedTree(ofContainer: "c")
        let path = scratch("changes.tar.gz")
        let output = try here.open(path, [.readWrite, .create], mode: 0o600)
        var archive = try TreeArchive(output.descriptor, isCompressed: true)
        try archive.add(changes, from: tree.descriptor)
        try archive.finish()

        let parent = try #require(try snapshotter.layers().first?.chain)
        let diffID = try #require(try snapshotter.layers().first?.diffID)
        let plain = try Command("gzip", ["--decompress", "--stdout", path]).run().outputBytes
        let chain = try #require(try ChainID.of([diffID, try Digest.of(plain)]))
        _ = try snapshotter.unpack(path, as: chain, above: parent)
        try snapshotter.prepareContainer("again", on: chain)
        #expect(try look(snapshotter, "again") == look(snapshotter, "c"))
    }

    /// Names, kinds, modes, owners, links and contents of a container's tree.
    private func look(_ snapshotter: any Snapshotter, _ id: String) throws -> String {
        let target = try scratch.directory("look-\(id)")
        try snapshotter.show(id, at: target)
        defer { try? snapshotter.unmount(at: target) }
        let script = """
            find . -mindepth 1 -type d -printf '%P %m %U:%G\\n' | LC_ALL=C sort
            find . ! -type d -printf '%P %y %m %U:%G %n %l\\n' | LC_ALL=C sort
            find . -type f | LC_ALL=C sort | xargs -d '\\n' md5sum
            """
        return try Command("sh", ["-ec", script]).changed { $0.directory = target }.succeed()
    }
}
