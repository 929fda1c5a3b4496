import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Testing

@testable import Layers

@Suite("Images go into archives")
struct ImageArchiveWriterTests {
    let scratch: Scratch
    let store: ContentStore
    let manifest: ContentDescriptor
    let layer: Digest

    init() throws {
        scratch = try Scratch()
        store = try ContentStore(opening: scratch("content"))
        layer = try store.add(Array("layer".utf8))
        let configuration = try encodeDocument(
            ImageConfiguration(platform: .host, diffIDs: [layer]), subject: "configuration")
        let document = Manifest(
            config: ContentDescriptor(
                mediaType: .ociConfiguration, digest: try store.add(configuration), size: Int64(configuration.count)),
            layers: [ContentDescriptor(mediaType: .ociLayer, digest: layer, size: 5)])
        manifest = try store.addManifest(document, holding: store.lease())
    }

    private func archive(_ names: String..., called file: String = "archive.tar") throws -> String {
        let path = scratch(file)
        let output = try Descriptor.workingDirectory.open(path, [.readWrite, .create])
        let references = try names.map { try ImageReference(parsing: $0) }
        try ImageArchiveWriter(store: store).write(
            [ArchivableImage(manifest: manifest, references: references)], to: output.descriptor)
        return path
    }

    @Test("image-layout.md: what is read back is the same image under the same names")
    func roundTrip() throws {
        let path = try archive("busybox:1", "r.example/a:2")
        let other = try ContentStore(opening: scratch("other"))
        let file = try Descriptor.workingDirectory.open(path)
        let images = try ImageArchiveReader(store: other).read(from: file.descriptor)
        #expect(images.map(\.manifest.digest) == [manifest.digest, manifest.digest])
        #expect(images.flatMap(\.references).map(\.familiar) == ["busybox:1", "r.example/a:2"])
        #expect(other.contains(layer, size: 5))
    }

    @Test("each content is in it once, and the same images give the same bytes")
    func deterministic() throws {
        let (one, other) = (try archive("a:1", "a:2"), try archive("a:1", "a:2", called: "other.tar"))
        #expect(try Files.read(one) == Files.read(other))
        let names = try Command("tar", ["--list", "--file", one]).succeed().split(separator: "\n")
        #expect(names.count == 6 && Set(names).count == 6)
    }

    @Test("a content that is missing is named")
    func missing() throws {
        try store.delete(layer)
        #expect(throws: LayerError.content(.notFound(layer))) { try archive("a:1") }
    }

    @Test("an output that takes nothing is told of")
    func full() throws {
        let full = try Descriptor.workingDirectory.open("/dev/full", [.writeOnly])
        #expect {
            try ImageArchiveWriter(store: store).write(
                [ArchivableImage(manifest: manifest, references: [])], to: full.descriptor)
        } throws: { "\($0)".contains("no space left") || ($0 as? LayerError)?.isOutOfSpace == true }
    }
}
