import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Testing

@testable import RegistryClient

@Suite("A registry that lies, breaks off or leads astray gains nothing")
struct HostileRegistryTests {
    let scratch: Scratch
    let fixture: PullFixture
    let image: SmallImage

    init() throws {
        scratch = try Scratch()
        fixture = try PullFixture(in: scratch)
        image = try SmallImage()
    }

    /// Asks a registry that is honest but for requests that end with `part`.
    private func refusal(
        at part: String, _ credentials: RegistryCredentials? = nil, _ lie: @escaping ScriptedRegistry.Script,
        _ look: @escaping @Sendable (RegistryClientError?, ScriptedRegistry) async throws -> Void
    ) async throws {
        let script: ScriptedRegistry.Script = { [image] request in
            request.target.hasSuffix(part) ? lie(request) : image.answer(request)
        }
        try await ScriptedRegistry.with(script) { [fixture] registry in
            try await look(await fixture.refusal("\(registry.domain)/a/b", credentials), registry)
        }
    }

    @Test("digest-lie: another manifest under a digest")
    func manifestLie() async throws {
        try await refusal(at: "\(image.manifestDigest)") { [image] _ in
            ScriptedRegistry.answer(
                200, ["Content-Type": MediaType.ociManifest.rawValue], image.manifest + Array(" ".utf8))
        } _: { refusal, _ in
            #expect(isUntrustworthy(refusal), "\(String(describing: refusal))")
        }
    }

    @Test("digest-lie: another layer of the same size under a digest")
    func layerLie() async throws {
        try await refusal(at: "\(image.layerDigest)") { [image] _ in
            ScriptedRegistry.answer(200, [:], Array(image.layer.reversed()))
        } _: { [fixture, image] refusal, _ in
            let actual = try Digest.of(Array(image.layer.reversed()))
            #expect(refusal == .content(.digestMismatch(expected: image.layerDigest, actual: actual)))
            #expect(!fixture.store.contains(image.layerDigest))
            #expect(fixture.leftDownloads == [])
        }
    }

    @Test("digest-lie: a layer longer than its manifest says, announced or not", arguments: [true, false])
    func longLayer(_ isAnnounced: Bool) async throws {
        try await refusal(at: "\(image.layerDigest)") { [image] _ in
            let body = image.layer + image.layer
            guard !isAnnounced else { return ScriptedRegistry.answer(200, [:], body) }
            return Array("HTTP/1.1 200 Said\r\nConnection: close\r\n\r\n".utf8) + body
        } _: { [fixture] refusal, _ in
            #expect(isUntrustworthy(refusal), "\(String(describing: refusal))")
            #expect(fixture.leftDownloads == [])
        }
    }

    @Test("a layer that is cut off goes on where it was, from the byte that is missing")
    func resume() async throws {
        let digest = image.layerDigest
        try await refusal(at: "\(digest)") { [image] request in
            guard let range = request.fields["range"] else {
                return ScriptedRegistry.answer(200, [:], Array(image.layer.prefix(5)), announcing: image.layer.count)
            }
            let start = Int(range.filter(\.isNumber)) ?? 0
            return ScriptedRegistry.answer(
                206, ["Content-Range": "bytes \(start)-\(image.layer.count - 1)/\(image.layer.count)"],
                Array(image.layer.dropFirst(start)))
        } _: { [fixture, image] refusal, registry in
            #expect(refusal == nil)
            let stored = try fixture.store.read(digest)
            #expect(stored == image.layer)
            let asked = registry.requests("GET", containing: "\(digest)").map { $0.fields["range"] }
            #expect(asked == [nil, "bytes=5-"])
            #expect(fixture.leftDownloads == [])
        }
    }

    @Test("a registry that knows no ranges begins again, and what it sends is taken once")
    func noRanges() async throws {
        let digest = image.layerDigest
        let old = try Digest.of(image.layer)
        var ingest = try fixture.store.resumeDownload(of: old)
        try ingest.write(Array(image.layer.prefix(7)))
        ingest.suspend()
        try await refusal(at: "\(digest)") { [image] _ in
            ScriptedRegistry.answer(200, [:], image.layer)
        } _: { [fixture, image] refusal, _ in
            #expect(refusal == nil)
            let stored = try fixture.store.read(digest)
            #expect(stored == image.layer)
        }
    }

    @Test("what another registry left of a layer, and is wrong, is fetched anew")
    func staleDownload() async throws {
        let digest = image.layerDigest
        var ingest = try fixture.store.resumeDownload(of: digest)
        try ingest.write(Array("LAYER".utf8))
        ingest.suspend()
        try await refusal(at: "\(digest)") { [image] request in
            let start = request.fields["range"].flatMap { Int($0.filter(\.isNumber)) } ?? 0
            return ScriptedRegistry.answer(
                start > 0 ? 206 : 200,
                ["Content-Range": "bytes \(start)-\(image.layer.count - 1)/\(image.layer.count)"],
                Array(image.layer.dropFirst(start)))
        } _: { [fixture, image] refusal, _ in
            #expect(refusal == nil)
            let stored = try fixture.store.read(digest)
            #expect(stored == image.layer)
        }
    }

    @Test("one that is overrun is asked again when it says, and in the end given up")
    func overrun() async throws {
        try await refusal(at: "\(image.layerDigest)") { _ in
            ScriptedRegistry.answer(503, ["Retry-After": "0"], Array(#"{"errors":[{"message":"too much"}]}"#.utf8))
        } _: { [image] refusal, registry in
            guard case .refused(_, 503, "too much", 0) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(registry.requests("GET", containing: "\(image.layerDigest)").count == 5)
        }
    }

    @Test("layer-bomb: a manifest without an end is not read to it")
    func endlessManifest() async throws {
        try await refusal(at: "\(image.manifestDigest)") { _ in
            ScriptedRegistry.answer(
                200, ["Content-Type": MediaType.ociManifest.rawValue],
                [UInt8](repeating: UInt8(ascii: " "), count: maximumDocumentSize + 1))
        } _: { refusal, _ in
            guard case .unusable(_, let reason) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(reason.contains("larger than"))
        }
    }

    @Test("layer-bomb: an index that lists itself")
    func endlessIndex() async throws {
        // No index can hold its own digest: it has to be one that anything is taken for, so the size must lie.
        let inner = ContentDescriptor(mediaType: .ociIndex, digest: image.manifestDigest, size: 1, platform: .host)
        let index = try encodeDocument(Index(manifests: [inner]), subject: "index")
        try await ScriptedRegistry.with({ _ in
            ScriptedRegistry.answer(200, ["Content-Type": MediaType.ociIndex.rawValue], index)
        }) { [fixture] registry in
            let refusal = await fixture.refusal("\(registry.domain)/a/b")
            #expect(isUntrustworthy(refusal))
        }
    }

    @Test("foreign-credentials: layers that are to be had elsewhere are refused, and nobody is asked for them")
    func foreignLayer() async throws {
        let image = try SmallImage { $0.layers[0].urls = ["http://127.0.0.1:1/layer"] }
        try await ScriptedRegistry.with(image.answer) { [fixture] registry in
            let refusal = await fixture.refusal("\(registry.domain)/a/b")
            #expect("\(String(describing: refusal))".contains("is to be had elsewhere"))
            #expect(registry.requests("GET", containing: "\(image.layerDigest)").isEmpty)
        }
    }

    @Test("foreign-credentials: where a registry leads to, credentials do not follow, and are not asked for")
    func redirect() async throws {
        let digest = image.layerDigest
        let credentials = RegistryCredentials(username: "u", password: "p")
        let challenge: KeyValuePairs = ["WWW-Authenticate": "Basic realm=\"x\""]
        try await ScriptedRegistry.with({ _ in ScriptedRegistry.answer(401, challenge) }) {
            [fixture, image] other in
            let script: ScriptedRegistry.Script = { request in
                guard request.fields["authorization"] != nil else { return ScriptedRegistry.answer(401, challenge) }
                return request.target.hasSuffix("\(digest)")
                    ? ScriptedRegistry.answer(307, ["Location": "http://\(other.domain)/elsewhere"])
                    : image.answer(request)
            }
            try await ScriptedRegistry.with(script) { registry in
                let refusal = await fixture.refusal("\(registry.domain)/a/b", credentials)
                guard case .unauthorized = refusal else {
                    Issue.record("\(String(describing: refusal))")
                    return
                }
                #expect(other.requests.count == 1)
                #expect(other.requests.allSatisfy { $0.fields["authorization"] == nil })
            }
        }
    }

    @Test("foreign-credentials: a token server without TLS on another host is not asked")
    func foreignRealm() async throws {
        let challenge: KeyValuePairs = ["WWW-Authenticate": "Bearer realm=\"http://example.org/token\",service=\"x\""]
        try await ScriptedRegistry.with({ _ in ScriptedRegistry.answer(401, challenge) }) { [fixture] registry in
            let credentials = RegistryCredentials(username: "u", password: "p")
            let refusal = await fixture.refusal("\(registry.domain)/a/b", credentials)
            #expect(isUntrustworthy(refusal))
        }
    }

    @Test(
        "manifest-crash: what is no manifest is refused in words",
        arguments: [
            "", "null", "[]", "{}", #"{"schemaVersion":1,"fsLayers":[]}"#,
            #"{"schemaVersion":2,"manifests":[],"layers":[]}"#, #"{"schemaVersion":2,"config":null,"layers":null}"#,
        ])
    func malformed(_ text: String) async throws {
        let script: ScriptedRegistry.Script = { _ in ScriptedRegistry.answer(200, [:], Array(text.utf8)) }
        try await ScriptedRegistry.with(script) { [fixture] registry in
            guard case .document = await fixture.refusal("\(registry.domain)/a/b") else {
                Issue.record("\(text) is taken")
                return
            }
        }
    }

    @Test("an artifact is no image")
    func artifact() async throws {
        let image = try SmallImage { $0.config.mediaType = .ociEmpty }
        try await ScriptedRegistry.with(image.answer) { [fixture] registry in
            let refusal = await fixture.refusal("\(registry.domain)/a/b")
            #expect("\(String(describing: refusal))".contains("is no image but an artifact"))
        }
    }
}

private func isUntrustworthy(_ refusal: RegistryClientError?) -> Bool {
    if case .untrustworthy = refusal { true } else { false }
}
