import ContentStore
import Harness
import ImageSpec
import Layers
import LinuxKernel
import Snapshots
import Testing

@Suite("a full disk")
struct FullDisk {
    let scratch: Scratch

    /// With a file system of half a mebibyte at `small`.
    init() throws {
        scratch = try Scratch()
        let place = try scratch.directory("small")
        try Command("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", place]).succeed()
    }

    private func archive() throws -> String {
        let root = try scratch.directory("root")
        try Command("dd", ["if=/dev/urandom", "of=\(root)/file", "bs=1M", "count=1", "status=none"]).succeed()
        try Command("tar", ["-C", root, "-cf", scratch("root.tar"), "."]).succeed()
        return scratch("root.tar")
    }

    @Test("a content that does not fit is refused as such, and leaves nothing behind")
    func content() throws {
        let store = try ContentStore(opening: scratch("small/content"))
        let importer = try ImageImporter(store: store, created: "2026-01-01T00:00:00Z")
        let file = try Descriptor.workingDirectory.open(try archive())
        let error = #expect(throws: LayerError.self) { try importer.read(from: file.descriptor) }
        #expect(error?.isOutOfSpace == true)
        #expect(error?.description.contains("no space left on device") == true, "\(String(describing: error))")
        #expect(Files.names(in: scratch("small/content/ingest")) == [])
        #expect(try store.list() == [])
    }

    @Test(
        "a layer that does not fit is refused as such, and leaves nothing behind", arguments: SnapshotterKind.allCases)
    func layer(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("small/snapshots"))
        let store = try ContentStore(opening: scratch("content"))
        let file = try Descriptor.workingDirectory.open(try archive())
        let image = try ImageImporter(store: store, created: "2026-01-01T00:00:00Z").read(from: file.descriptor)
        guard case .manifest(let manifest) = try ManifestDocument(parsing: try store.read(image.manifest)) else {
            Issue.record("not a manifest")
            return
        }
        let configuration = try ImageConfiguration(parsing: try store.read(image.configuration))
        let error = #expect(throws: SnapshotError.self) {
            try snapshotter.unpack(manifest, configuration, from: store)
        }
        #expect(error?.isOutOfSpace == true)
        #expect(Files.names(in: scratch("small/snapshots/new")) == [])
        #expect(try snapshotter.layers() == [])
    }
}
