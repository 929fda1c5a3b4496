import Database
import Harness
import ImageSpec
import LineProtocol
import LinuxKernel
import Testing

@testable import Engine

@Suite("Names of images")
struct ImageNameTests {
    let scratch: Scratch
    private let id: Digest
    private let first: ContentDescriptor
    private let second: ContentDescriptor
    private let index: ContentDescriptor

    init() throws {
        func digest(_ digit: Character) throws -> Digest { try Digest("sha256:" + String(repeating: digit, count: 64)) }
        scratch = try Scratch()
        id = try digest("a")
        first = ContentDescriptor(mediaType: .ociManifest, digest: try digest("b"), size: 10)
        second = ContentDescriptor(mediaType: .ociManifest, digest: try digest("c"), size: 20)
        index = ContentDescriptor(mediaType: .ociIndex, digest: try digest("d"), size: 30)
    }

    @Test("an image for another platform than was asked for counts as missing")
    func platform() throws {
        let configuration = ImageConfiguration(platform: Platform(architecture: "arm64"), diffIDs: [])
        try configuration.requirePlatform(nil, image: "a")
        try configuration.requirePlatform(Platform(parsing: "linux/arm64"), image: "a")
        let failure = #expect(throws: ProtocolFailure.self) {
            try configuration.requirePlatform(Platform(parsing: "amd64"), image: "a")
        }
        #expect(failure?.kind == .noSuchImage)
        #expect(failure?.message.hasPrefix("image a is for linux/arm64/v8, not for linux/amd64") == true)
    }

    private func name(
        _ text: String, _ target: ContentDescriptor, _ manifest: ContentDescriptor? = nil
    ) throws -> ImageName {
        ImageName(reference: try ImageReference(parsing: text), target: target, manifest: manifest ?? target)
    }

    private func image(_ names: [ImageName]) -> ImageRecord {
        ImageRecord(id: id, manifest: first, size: 1, names: names)
    }

    @Test("a database of before names had targets gives each name its image's manifest")
    func migration() async throws {
        let path = scratch("wherry.db")
        let manifest = String(decoding: Envelope.encode(first), as: UTF8.self)
        let old = try Database(at: path, migrations: Array(schema.prefix(1)))
        try old.run(
            "INSERT INTO images(id, manifest, size) VALUES(?, ?, 7)", [.text("\(id)"), .text(manifest)])
        try old.run(
            "INSERT INTO image_names(reference, image) VALUES('docker.io/library/a:1', ?)", [.text("\(id)")])
        let store = try Store(at: path)
        #expect(try await store.open() == nil)
        let expected = ImageRecord(
            id: id, manifest: first, size: 7, names: [try name("a:1", first)])
        #expect(try await store.images() == [expected])
    }

    @Test("two names of one image keep a manifest each, and an index where there is one")
    func targets() async throws {
        let store = try Store(at: scratch("wherry.db"))
        #expect(try await store.open() == nil)
        let saved = image([try name("a:1", first), try name("b:2", index, second)])
        try await store.save(saved)
        #expect(try await store.images() == [saved])
        #expect(saved.documents == [id, first.digest, second.digest, index.digest])
        #expect(saved.digests == ["a@\(first.digest)", "b@\(index.digest)"])
    }

    @Test("a digest finds an image in the repository that has it, by its index and by its manifest")
    func digests() throws {
        let image = image([try name("a:1", index, second)])
        #expect(image.isCalled(try ImageReference(parsing: "a@\(index.digest)")))
        #expect(image.isCalled(try ImageReference(parsing: "a@\(second.digest)")))
        #expect(!image.isCalled(try ImageReference(parsing: "b@\(index.digest)")))
        #expect(!image.isCalled(try ImageReference(parsing: "a@\(first.digest)")))
    }

    @Test("what is known by its digest alone has no tag to show")
    func pinned() throws {
        let image = image([try name("a@\(index.digest)", index, first)])
        #expect(image.familiarNames == [])
        #expect(image.digests == ["a@\(index.digest)"])
    }
}
