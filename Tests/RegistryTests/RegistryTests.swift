import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Registry
import Testing

@Suite("The registry's storage")
struct RegistryTests {
    let scratch: Scratch
    let name: RepositoryName

    init() throws {
        scratch = try Scratch()
        name = try RepositoryName("library/boat")
    }

    private func open() throws -> Registry { try Registry(opening: scratch("registry")) }

    @discardableResult
    private func push(_ text: String, to name: RepositoryName, in registry: Registry) throws -> Digest {
        let digest = try Digest.of(Array(text.utf8))
        let upload = try registry.beginUpload(to: name)
        try upload.write(Array(text.utf8))
        #expect(try registry.finish(upload, as: digest).digest == digest)
        return digest
    }

    private func manifest(config: Digest, size: Int64, subject: Digest? = nil) throws -> [UInt8] {
        var manifest = Manifest(
            config: ContentDescriptor(mediaType: .ociConfiguration, digest: config, size: size), layers: [])
        manifest.subject = subject.map { ContentDescriptor(mediaType: .ociManifest, digest: $0, size: 1) }
        return try encodeDocument(manifest, subject: "manifest")
    }

    @discardableResult
    private func pushImage(_ text: String, as reference: String, in registry: Registry, subject: Digest? = nil) throws
        -> PushedManifest
    {
        let config = try push(text, to: name, in: registry)
        let bytes = try manifest(config: config, size: Int64(text.utf8.count), subject: subject)
        return try registry.push(
            ManifestPush(bytes: bytes, mediaType: .ociManifest, reference: ManifestReference(reference)), to: name)
    }

    private var immediately: CollectionRules {
        let soon = Timestamp(nanoseconds: Timestamp.now.nanoseconds + 2_000_000_000)
        return CollectionRules(olderThan: soon, uploadsOlderThan: soon)
    }

    @Test("what was pushed is pulled, byte by byte, also after a restart")
    func roundTrip() throws {
        let pushed = try pushImage("config", as: "latest", in: try open())
        let registry = try open()
        let pulled = try registry.manifest(.tag("latest"), in: name)
        #expect(pulled.digest == pushed.digest)
        #expect(pulled.mediaType == .ociManifest)
        #expect(try Digest.of(pulled.bytes) == pushed.digest)
        #expect(try registry.tags(of: name, count: nil, after: nil).names == ["latest"])
        #expect(try registry.catalog(count: nil, after: nil).names == ["library/boat"])
    }

    @Test("an upload goes on after a restart where it stood")
    func resumption() throws {
        var registry: Registry? = try open()
        let upload = try #require(try registry?.beginUpload(to: name))
        try upload.write(Array("hel".utf8))
        registry?.rest(upload)
        registry?.suspendUploads()
        registry = nil
        let again = try open()
        let rest = try again.takeUpload(upload.id, of: name)
        #expect(rest.size == 3)
        try rest.write(Array("lo".utf8))
        let hello = try Digest.of(Array("hello".utf8), .sha512)
        _ = try again.finish(rest, as: hello)
        #expect(try again.blobSize(hello, in: name) == 5)
    }

    @Test("an upload is one request's at a time, its own repository's, and gone when it is cancelled")
    func claims() throws {
        let registry = try open()
        let upload = try registry.beginUpload(to: name)
        #expect(throws: RegistryError.self) { try registry.takeUpload(upload.id, of: name) }
        registry.rest(upload)
        let other = try RepositoryName("other")
        #expect(throws: RegistryError.self) { try registry.takeUpload(upload.id, of: other) }
        try registry.cancel(try registry.takeUpload(upload.id, of: name))
        #expect(throws: RegistryError.self) { try registry.takeUpload(upload.id, of: name) }
        #expect(try scratch.names("registry/repositories/library/boat/_uploads") == [])
    }

    @Test("digest-lie: a blob that is not what its digest says is refused and leaves nothing")
    func lie() throws {
        let registry = try open()
        let upload = try registry.beginUpload(to: name)
        try upload.write(Array("hello".utf8))
        let error = #expect(throws: RegistryError.self) {
            try registry.finish(upload, as: try IndexTests.digest("0"))
        }
        #expect(error?.code == .digestInvalid)
        #expect(try registry.contents.list() == [])
    }

    @Test("a blob is mounted from another repository without a copy, and never from one that does not have it")
    func mount() throws {
        let registry = try open()
        let digest = try push("hello", to: name, in: registry)
        let other = try RepositoryName("other/boat")
        #expect(try registry.mountBlob(digest, from: name, into: other))
        #expect(try registry.blobSize(digest, in: other) == 5)
        #expect(try registry.contents.list().count == 1)
        #expect(try !registry.mountBlob(try IndexTests.digest("0"), from: name, into: other))
        #expect(try !registry.mountBlob(digest, from: try RepositoryName("nobody"), into: other))
    }

    @Test("a manifest that names what is not there is refused; its subject may be missing")
    func references() throws {
        let registry = try open()
        let missing = try IndexTests.digest("1")
        let bytes = try manifest(config: missing, size: 1)
        let error = #expect(throws: RegistryError.self) {
            try registry.push(ManifestPush(bytes: bytes, mediaType: nil, reference: .tag("latest")), to: name)
        }
        #expect(error?.code == .manifestBlobUnknown)
        let pushed = try pushImage("config", as: "signature", in: registry, subject: missing)
        #expect(pushed.subject == missing)
        #expect(try registry.referrers(of: missing, in: name).manifests.map(\.digest) == [pushed.digest])
        let type = MediaType.ociConfiguration.rawValue
        #expect(try registry.referrers(of: missing, in: name, artifactType: type).manifests.count == 1)
        #expect(try registry.referrers(of: missing, in: name, artifactType: "other").manifests.isEmpty)
    }

    @Test("manifest-crash: what is no manifest, or two, is refused")
    func nonsense() throws {
        let registry = try open()
        for text in ["", "null", "{}", #"{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}"#, "[1]"] {
            let error = #expect(throws: RegistryError.self) {
                try registry.push(
                    ManifestPush(bytes: Array(text.utf8), mediaType: .ociManifest, reference: .tag("a")), to: name)
            }
            #expect(error?.code == .manifestInvalid, "\(text)")
        }
    }

    @Test("a tag that is deleted leaves its manifest, a manifest takes its tags along")
    func deletion() throws {
        let registry = try open()
        let pushed = try pushImage("config", as: "latest", in: registry)
        try registry.delete(.tag("latest"), in: name)
        #expect(try registry.tags(of: name, count: nil, after: nil).names == [])
        #expect(try registry.manifest(.digest(pushed.digest), in: name).digest == pushed.digest)
        try registry.delete(.digest(pushed.digest), in: name)
        #expect(throws: RegistryError.self) { try registry.manifest(.digest(pushed.digest), in: name) }
    }

    @Test("a collection removes what nothing refers to, and nothing else")
    func collection() throws {
        let registry = try open()
        let kept = try pushImage("kept", as: "latest", in: registry)
        let gone = try pushImage("gone", as: "old", in: registry)
        try registry.delete(.digest(gone.digest), in: name)
        let report = try registry.collect(immediately)
        #expect(report.blobs == 1)
        #expect(report.contents.count == 2)
        #expect(try registry.manifest(.tag("latest"), in: name).digest == kept.digest)
        #expect(try registry.contents.list().count == 2)
    }

    @Test("what came a moment ago is left alone: its manifest may be on the way")
    func grace() throws {
        let registry = try open()
        let digest = try push("blob", to: name, in: registry)
        let hourAgo = Timestamp(nanoseconds: Timestamp.now.nanoseconds - 3_600_000_000_000)
        _ = try registry.collect(CollectionRules(olderThan: hourAgo, uploadsOlderThan: hourAgo))
        #expect(try registry.blobSize(digest, in: name) == 4)
    }

    @Test("untagged manifests go only when that is wanted, and not those that a tagged one needs")
    func untagged() throws {
        let registry = try open()
        let subject = try pushImage("subject", as: "latest", in: registry)
        let referrer = try pushImage("referrer", as: "r", in: registry, subject: subject.digest)
        try registry.delete(.tag("r"), in: name)
        try pushImage("other", as: "other", in: registry)
        try registry.delete(.tag("other"), in: name)
        var rules = immediately
        #expect(try registry.collect(rules).manifests == 0)
        rules.removesUntagged = true
        #expect(try registry.collect(rules).manifests == 1)
        #expect(try registry.describe(.digest(referrer.digest), in: name).digest == referrer.digest)
    }

    @Test("uploads that nobody went on with are given up")
    func staleUploads() throws {
        let registry = try open()
        registry.rest(try registry.beginUpload(to: name))
        #expect(try registry.collect(immediately).uploads == 1)
    }

    @Test(
        "names that lead elsewhere are no names",
        arguments: ["", "..", "a/../b", "/a", "a/", "A", "a//b", "_image", "a/_image"])
    func names(_ text: String) {
        #expect(throws: RegistryError.self) { try RepositoryName(text) }
    }
}
