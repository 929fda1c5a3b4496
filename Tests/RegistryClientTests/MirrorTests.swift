import ContentStore
import Harness
import ImageSpec
import Testing

@testable import RegistryClient

@Suite("A mirror stands in for its registry")
struct MirrorTests {
    let scratch: Scratch
    let image: SmallImage

    init() throws {
        scratch = try Scratch()
        image = try SmallImage()
    }

    /// Pulls `a/b` of a registry that has the image and that `mirror` stands in for.
    private func pull(
        _ credentials: RegistryCredentials? = nil, mirror script: @escaping ScriptedRegistry.Script,
        then check: @escaping (_ mirror: ScriptedRegistry, _ home: ScriptedRegistry, PullFixture) throws -> Void
    ) async throws {
        try await ScriptedRegistry.with(script) { [scratch, image] mirror in
            try await ScriptedRegistry.with(image.answer) { home in
                let rules = RegistryRules(mirrors: [
                    try #require(RegistryMirror(parsing: "\(home.domain)=http://\(mirror.domain)/"))
                ])
                let fixture = try PullFixture(in: scratch, rules: rules)
                let lease = fixture.store.lease()
                let fetched = try await fixture.pull("\(home.domain)/a/b", credentials, lease: lease)
                #expect(fetched.manifest.digest == image.manifestDigest)
                #expect(try fixture.store.read(image.layerDigest) == image.layer)
                try check(mirror, home, fixture)
            }
        }
    }

    @Test("all comes from it, without the user's login, and the registry is not asked")
    func serves() async throws {
        let login = RegistryCredentials(username: "user", password: "secret", registryToken: "token")
        try await pull(login, mirror: image.answer) { mirror, home, _ in
            #expect(home.requests.isEmpty && !mirror.requests.isEmpty)
            #expect(mirror.requests.allSatisfy { $0.fields["authorization"] == nil })
        }
    }

    @Test("what it lacks or refuses comes from the registry, at once", arguments: [401, 404, 429, 500, 503])
    func refuses(_ status: Int) async throws {
        try await pull(mirror: { _ in ScriptedRegistry.answer(status, ["Retry-After": "60"]) }) { mirror, home, _ in
            let manifests = "/a/b/manifests/"
            #expect(mirror.requests("HEAD", containing: manifests).count == 1)
            #expect(home.requests("HEAD", containing: manifests).count == 1)
        }
    }

    @Test("one that sends other content is not asked again, and nothing of it stays")
    func lies() async throws {
        let script: ScriptedRegistry.Script = { [image] request in
            request.target.contains("/blobs/")
                ? ScriptedRegistry.answer(200, [:], [UInt8](repeating: 0x78, count: image.layer.count))
                : image.answer(request)
        }
        try await pull(mirror: script) { mirror, home, fixture in
            #expect(mirror.requests("GET", containing: "/blobs/").count == 1)
            #expect(home.requests("GET", containing: "/blobs/").count == 2)
            #expect(fixture.leftDownloads == [])
        }
    }

    @Test("what it was cut off at goes on from the registry")
    func cut() async throws {
        let script: ScriptedRegistry.Script = { [image] request in
            request.target.contains("\(image.layerDigest)")
                ? ScriptedRegistry.answer(200, [:], Array(image.layer.prefix(5)), announcing: image.layer.count)
                : image.answer(request)
        }
        try await pull(mirror: script) { [image] _, home, _ in
            let asked = home.requests("GET", containing: "\(image.layerDigest)")
            #expect(asked.map { $0.fields["range"] } == ["bytes=5-"])
        }
    }

    @Test("one that cannot be reached is passed over")
    func unreachable() async throws {
        try await ScriptedRegistry.with(image.answer) { [scratch, image] home in
            // Nothing listens on the port that is reserved for TCP's port multiplexer.
            let mirror = try #require(RegistryMirror(parsing: "\(home.domain)=http://127.0.0.1:1"))
            let fixture = try PullFixture(in: scratch, rules: RegistryRules(mirrors: [mirror]))
            let lease = fixture.store.lease()
            #expect(try await fixture.pull("\(home.domain)/a/b", lease: lease).target.digest == image.manifestDigest)
        }
    }

    @Test("when it fails and the registry does, what the registry says is told")
    func bothFail() async throws {
        try await ScriptedRegistry.with({ _ in ScriptedRegistry.answer(500) }) { [scratch] mirror in
            try await ScriptedRegistry.with { home in
                let named = try #require(RegistryMirror(parsing: "\(home.domain)=http://\(mirror.domain)"))
                let fixture = try PullFixture(in: scratch, rules: RegistryRules(mirrors: [named]))
                let refusal = await fixture.refusal("\(home.domain)/a/b")
                #expect(refusal == .notFound(subject: "\(home.domain)/a/b:latest"))
            }
        }
    }

    @Test(
        "it is named by its address, with the registry before it if that is not Docker Hub",
        arguments: [
            ("https://m.example", "docker.io", "https://m.example", "m.example"),
            ("http://m.example:5000/hub/", "docker.io", "http://m.example:5000/hub", "m.example:5000"),
            ("quay.io=https://m.example:443", "quay.io", "https://m.example:443", "m.example"),
        ])
    func named(_ text: String, _ registry: String, _ base: String, _ host: String) throws {
        let mirror = try #require(RegistryMirror(parsing: text))
        #expect((mirror.registry, mirror.base, mirror.host) == (registry, base, host))
    }

    @Test(
        "what is no address of one is refused",
        arguments: [
            "", "m.example", "ftp://m.example", "https://a:b@m.example", "https://m/?a=b", "https://m/#a", "=https://m",
        ])
    func misnamed(_ text: String) { #expect(RegistryMirror(parsing: text) == nil) }
}
