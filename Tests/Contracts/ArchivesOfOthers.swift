import ContentStore
import Harness
import ImageSpec
import Layers
import LinuxKernel
import Snapshots
import Testing

/// Images that skopeo, umoci and podman packed, each loaded, unpacked, mounted and looked at.
@Suite("archives that others wrote")
struct ArchivesOfOthers {
    let scratch: Scratch
    let store: ContentStore
    let snapshotter: OverlaySnapshotter

    init() throws {
        scratch = try Scratch()
        store = try ContentStore(opening: scratch("content"))
        snapshotter = try OverlaySnapshotter(opening: scratch("snapshots"))
    }

    private func load(_ name: String) throws -> [ArchivedImage] {
        let file = try Descriptor.workingDirectory.open(try TestImages.path(name))
        let reader = ImageArchiveReader(store: store)
        let isDirectory = try file.descriptor.status().kind == .directory
        return try isDirectory ? reader.read(layout: file.descriptor) : reader.read(from: file.descriptor)
    }

    private func mount(_ image: ArchivedImage, as id: String) throws -> String {
        guard case .manifest(let manifest) = try ManifestDocument(parsing: try store.read(image.manifest)) else {
            throw HarnessError("not a manifest")
        }
        let configuration = try ImageConfiguration(parsing: try store.read(image.configuration))
        let chain = try snapshotter.unpack(manifest, configuration, from: store)
        try snapshotter.prepareContainer(id, on: chain)
        let target = try scratch.directory("mount-\(id)")
        try snapshotter.mount(id, at: target)
        return target
    }

    @Test(
        "OCI and docker archives, gzip, zstd and plain, give the same image and the same tree",
        arguments: [
            "busybox.oci.tar", "busybox.zstd.tar", "busybox.plain.tar", "busybox.docker.tar", "busybox.podman.tar",
            "busybox.oci",
        ])
    func busybox(_ name: String) throws {
        let image = try #require(try load(name).first)
        let expected = try #require(try load("busybox.docker.tar").first)
        #expect(image.configuration.digest == expected.configuration.digest)
        let target = try mount(image, as: "c")
        try Command("diff", ["-r", "--no-dereference", try TestImages.path("busybox-rootfs"), target]).succeed()
        try snapshotter.unmount(at: target)
    }

    @Test("files of upper layers replace, remove and hide those of lower ones")
    func layers() throws {
        let target = try mount(try #require(try load("layers.oci.tar").first), as: "c")
        #expect(Files.names(in: "\(target)/data") == ["kept", "opaque", "replaced"])
        #expect(Files.names(in: "\(target)/data/opaque") == ["new"])
        #expect(try Files.read("\(target)/data/replaced/file") == "two\n")
        #expect(try Files.read("\(target)/data/kept/file") == "one\n")
        try snapshotter.unmount(at: target)
    }

    @Test("the archive may come through a pipe, compressed once more")
    func pipe() throws {
        let pipe = try Pipe().split()
        let path = try TestImages.path("layers.oci.tar")
        let gzip = try SpawnRequest(
            path: try Programs.found("gzip"), arguments: ["gzip", "-c", path], environment: [],
            descriptors: [nil, pipe.writer, Descriptor.standardError]
        ).spawn()
        pipe.writer.close()
        let images = try ImageArchiveReader(store: store).read(from: pipe.reader)
        pipe.reader.close()
        _ = try gzip.wait()
        #expect(images.count == 1)
    }
}
