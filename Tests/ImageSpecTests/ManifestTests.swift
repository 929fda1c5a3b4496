import ImageSpec
import Testing

@Suite("manifest.md and image-index.md")
struct ManifestTests {
    @Test("an OCI manifest names a configuration and layers, the lowest first")
    func ociManifest() throws {
        guard case .manifest(let manifest) = try ManifestDocument(parsing: try fixture("manifest.json")) else {
            Issue.record("not a manifest")
            return
        }
        #expect(manifest.config.mediaType == .ociConfiguration)
        #expect(manifest.layers.map(\.mediaType) == [.ociLayerGzip, .ociLayerZstd])
        #expect(manifest.layers[0].size == 32654)
    }

    @Test("docker's schema 2 is read as the same thing")
    func dockerManifest() throws {
        let bytes = try fixture("docker-schema2.json")
        guard case .manifest(let manifest) = try ManifestDocument(parsing: bytes, declared: .dockerManifest) else {
            Issue.record("not a manifest")
            return
        }
        #expect(manifest.config.mediaType.kind == .configuration)
        #expect(manifest.layers.allSatisfy { $0.mediaType.kind == .layer })
    }

    @Test("of an index the best manifest for this machine comes first, attestations never")
    func index() throws {
        guard case .index(let index) = try ManifestDocument(parsing: try fixture("index-platforms.json")) else {
            Issue.record("not an index")
            return
        }
        let amd64 = index.candidates(for: Platform(architecture: "amd64"))
        #expect(amd64.map(\.size) == [1])
        let arm = index.candidates(for: Platform(architecture: "arm", variant: "v7"))
        #expect(arm.map(\.size) == [3, 2])
        #expect(index.candidates(for: Platform(architecture: "s390x")).isEmpty)
    }

    @Test(
        "manifest-crash: what is malformed or ambiguous is refused with the member's name",
        arguments: [
            ("bad-both-manifests-and-layers.json", "ambiguous"), ("bad-neither.json", "neither"),
            ("bad-layers-null.json", "layers is null"), ("bad-layer-null.json", "layers"),
            ("bad-config-missing.json", "config is missing"), ("bad-size-string.json", "size has the wrong type"),
            ("bad-size-huge.json", "not valid JSON"), ("bad-size-negative.json", "negative"),
            ("bad-media-type-index.json", "called"), ("bad-schema-1.json", "schemaVersion 1"),
            ("bad-digest.json", "digest"), ("bad-not-json.json", "not valid JSON"),
            ("bad-manifests-object.json", "manifests has the wrong type"),
        ])
    func hostile(_ name: String, _ word: String) throws {
        let bytes = try fixture(name)
        let error = #expect(throws: ImageSpecError.self) { try ManifestDocument(parsing: bytes, subject: "manifest") }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test("manifest-crash: a document that contradicts its descriptor's type is refused")
    func contradiction() throws {
        let bytes = try fixture("manifest.json")
        #expect(throws: ImageSpecError.self) { try ManifestDocument(parsing: bytes, declared: .ociIndex) }
        #expect(throws: ImageSpecError.self) { try ManifestDocument(parsing: bytes, declared: .dockerManifest) }
    }

    @Test("manifest-crash: nesting without end, and megabytes of it, are errors")
    func nesting() {
        for bytes in [
            [UInt8](repeating: UInt8(ascii: "["), count: 100_000), [UInt8](repeating: 0x20, count: 9 << 20), [], [0xff],
        ] {
            #expect(throws: ImageSpecError.self) { try ManifestDocument(parsing: bytes) }
        }
    }

    @Test("what is written is read back, and always the same bytes")
    func roundTrip() throws {
        let digest = try Digest("sha256:" + String(repeating: "a", count: 64))
        let manifest = Manifest(
            config: ContentDescriptor(mediaType: .ociConfiguration, digest: digest, size: 2),
            layers: [ContentDescriptor(mediaType: .ociLayer, digest: digest, size: 3)])
        let bytes = try encodeDocument(manifest, subject: "manifest")
        #expect(try ManifestDocument(parsing: bytes, declared: .ociManifest) == .manifest(manifest))
        #expect(try encodeDocument(manifest, subject: "manifest") == bytes)
        #expect(String(decoding: bytes, as: UTF8.self).contains("application/vnd.oci.image.manifest.v1+json"))
    }
}
