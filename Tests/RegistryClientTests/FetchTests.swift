import ContentStore
import HTTPTransfers
import Harness
import ImageSpec
import LinuxKernel
import Testing

@testable import RegistryClient

@Suite("An image comes from its registry")
struct FetchTests {
    let scratch: Scratch
    let fixture: PullFixture
    let image: SmallImage

    init() throws {
        scratch = try Scratch()
        fixture = try PullFixture(in: scratch)
        image = try SmallImage()
    }

    @Test("all of it, and the second time nothing but the question whether it is the same")
    func twice() async throws {
        try await ScriptedRegistry.with(image.answer) { [image, fixture] registry in
            let lease = fixture.store.lease()
            let fetched = try await fixture.pull("\(registry.domain)/a/b", lease: lease)
            #expect(fetched.manifest.digest == image.manifestDigest)
            #expect(fetched.configuration.digest == image.configurationDigest)
            #expect(try fixture.store.read(image.layerDigest) == image.layer)
            let count = registry.requests.count
            #expect(try await fixture.pull("\(registry.domain)/a/b", lease: lease) == fetched)
            #expect(registry.requests.dropFirst(count).map(\.method) == ["HEAD"])
            #expect(fixture.leftDownloads == [])
        }
    }

    @Test("of an index the image for this machine, and the index stays")
    func index() async throws {
        let index = try image.index()
        let digest = try Digest.of(index)
        let script: ScriptedRegistry.Script = { [image] request in
            request.target.hasSuffix("/latest") || request.target.hasSuffix("\(digest)")
                ? ScriptedRegistry.answer(
                    200, ["Content-Type": MediaType.ociIndex.rawValue], request.method == "HEAD" ? [] : index,
                    announcing: index.count) : image.answer(request)
        }
        try await ScriptedRegistry.with(script) { [image, fixture] registry in
            let fetched = try await fixture.pull("\(registry.domain)/a/b")
            #expect(fetched.target.digest == digest)
            #expect(fetched.target.mediaType == .ociIndex)
            #expect(fetched.manifest.digest == image.manifestDigest)
            let reason = "no image for linux/riscv64, only for linux/s390x, \(Platform.host)"
            await #expect(throws: RegistryClientError.unusable(subject: "\(registry.domain)/a/b", reason: reason)) {
                try await fixture.pull("\(registry.domain)/a/b", platform: Platform(architecture: "riscv64"))
            }
        }
    }

    @Test("what is named by digest is asked for by that, whatever the tag says")
    func pinned() async throws {
        try await ScriptedRegistry.with(image.answer) { [image, fixture] registry in
            try await fixture.pull("\(registry.domain)/a/b:latest@\(image.manifestDigest)")
            #expect(registry.requests.allSatisfy { !$0.target.hasSuffix("/latest") })
        }
    }

    @Test("an image that is not there is not found, and asked for once")
    func missing() async throws {
        try await ScriptedRegistry.with { [fixture] registry in
            let refusal = await fixture.refusal("\(registry.domain)/a/b")
            #expect(refusal == .notFound(subject: "\(registry.domain)/a/b:latest"))
            #expect(registry.requests("HEAD", containing: "/").count == 1)
        }
    }

    @Test("a registry without TLS that nobody named insecure is not asked without it")
    func encryption() throws {
        let (rules, insecure) = (RegistryRules(), RegistryRules(insecure: ["example.org"]))
        #expect(try rules.addresses(of: "example.org:5000").map(\.base) == ["https://example.org:5000"])
        #expect(try rules.addresses(of: "example.org")[0].trust.verifies)
        #expect(
            try insecure.addresses(of: "example.org").map(\.base) == ["https://example.org", "http://example.org"])
        #expect(try rules.addresses(of: "docker.io").map(\.base) == ["https://registry-1.docker.io"])
    }

    @Test(
        "what never leaves this machine needs no TLS",
        arguments: [
            ("localhost", true), ("localhost:5000", true), ("127.0.0.1", true), ("127.9.9.9:80", true),
            ("[::1]:5000", true), ("127.0.0.1.example.org", false), ("128.0.0.1", false), ("localhost.example", false),
        ])
    func loopback(_ domain: String, _ isLoopback: Bool) { #expect(RegistryRules.isLoopback(domain) == isLoopback) }
}
