import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Testing

@testable import Layers

@Suite("an import")
struct ImportTests {
    let scratch: Scratch
    let store: ContentStore

    init() throws {
        scratch = try Scratch()
        store = try ContentStore(opening: scratch("content"))
    }

    private func image(_ name: String, changes: [String] = [], message: String? = nil) throws -> ArchivedImage {
        let importer = try ImageImporter(
            store: store, created: "2026-01-01T00:00:00Z", platform: Platform(architecture: "amd64"), changes: changes,
            message: message)
        let file = try readable(try Fixtures.bytes(name))
        return try importer.read(from: file.descriptor)
    }

    @Test(
        "a root filesystem archive becomes an image of one layer, whatever its compression",
        arguments: [
            ("gnu.tar", MediaType.ociLayer), ("pax-sparse-1.0.tar.gz", .ociLayerGzip),
            ("bsdtar-pax.tar.zst", .ociLayerZstd), ("python-gnu.tar.xz", .ociLayerXZ),
            ("ustar.tar.bz2", .ociLayerBzip2),
        ])
    func compressions(_ name: String, _ mediaType: MediaType) throws {
        let image = try image(name)
        guard case .manifest(let manifest) = try ManifestDocument(parsing: try store.read(image.manifest)) else {
            Issue.record("not a manifest")
            return
        }
        #expect(manifest.layers.map(\.mediaType) == [mediaType])
        #expect(try store.read(manifest.layers[0]) == (try Fixtures.bytes(name)))
        let configuration = try ImageConfiguration(parsing: try store.read(image.configuration))
        #expect(configuration.rootfs.diffIDs.count == 1)
        #expect(configuration.history?.first?.comment == "Imported from -")
        #expect(manifest.layers[0].mediaType.kind == .layer)
    }

    @Test("changes are a Dockerfile's instructions")
    func changes() throws {
        let image = try image(
            "gnu.tar",
            changes: [
                #"CMD ["sh", "-c", "echo hi"]"#, "entrypoint /bin/run --fast", "ENV A=1 B=\"two words\" C='x y'",
                "ENV OLD style of pair", "ENV A=2", "WORKDIR /srv", "WORKDIR app", "USER 1000:1000",
                "LABEL a=b \"c d\"=e", "EXPOSE 80 53/udp 8000-8002", "STOPSIGNAL SIGQUIT", "VOLUME /data /more",
                #"VOLUME ["/json"]"#, "HEALTHCHECK CMD curl -f http://localhost",
            ], message: "first")
        let configuration = try ImageConfiguration(parsing: try store.read(image.configuration))
        let config = try #require(configuration.config)
        #expect(config.command == ["sh", "-c", "echo hi"])
        #expect(config.entrypoint == ["/bin/sh", "-c", "/bin/run --fast"])
        #expect(config.environment == ["B=two words", "C=x y", "OLD=style of pair", "A=2"])
        #expect(config.workingDirectory == "/srv/app")
        #expect(config.user == "1000:1000")
        #expect(config.labels == ["a": "b", "c d": "e"])
        #expect(config.exposedPorts?.names == ["80/tcp", "53/udp", "8000/tcp", "8001/tcp", "8002/tcp"])
        #expect(config.stopSignal == "SIGQUIT")
        #expect(config.volumes?.names == ["/data", "/more", "/json"])
        #expect(config.healthcheck?.test == ["CMD-SHELL", "curl -f http://localhost"])
        #expect(configuration.history?.first?.comment == "first")
    }

    @Test(
        "a change that is not understood is refused by name",
        arguments: [
            "RUN true", "CMD", "", "ENV A", "ENV =x", "LABEL a=b c", "EXPOSE x", "EXPOSE 0", "EXPOSE 9-8",
            "EXPOSE 80/icmp", "EXPOSE 65536", "STOPSIGNAL SIGNOPE", "ENV A=\"open", "FROM busybox",
        ])
    func refusals(_ line: String) throws {
        #expect(throws: LayerError.self) { try ImageImporter(store: store, created: "", changes: [line]) }
    }

    @Test("what is no archive is refused and leaves nothing in the store")
    func noArchive() throws {
        for content in [bytes("no archive"), [], TarBuilder().archive] {
            let file = try readable(content)
            #expect(throws: LayerError.self) {
                try ImageImporter(store: store, created: "").read(from: file.descriptor)
            }
        }
        #expect(try store.list() == [])
    }
}
