import ContentStore
import Harness
import ImageSpec
import Synchronization
import Testing

@testable import RegistryClient

@Suite("Images go to registries")
struct UploadTests {
    let scratch: Scratch
    let fixture: PullFixture
    let image: SmallImage

    init() throws {
        scratch = try Scratch()
        fixture = try PullFixture(in: scratch)
        image = try SmallImage()
        for bytes in [image.layer, image.configuration, image.manifest] { try fixture.store.add(bytes) }
    }

    /// A registry that has nothing, and takes what it is sent.
    private static func takesAll(_ request: ScriptedRegistry.Request) -> [UInt8] {
        switch request.method {
        case "HEAD": ScriptedRegistry.answer(404)
        case "POST": ScriptedRegistry.answer(202, ["Location": "/v2/a/b/blobs/uploads/1?state=x"])
        default: ScriptedRegistry.answer(201)
        }
    }

    private func push(
        to registry: ScriptedRegistry, _ credentials: RegistryCredentials? = nil,
        mounting sources: [Digest: String] = [:]
    ) async throws(RegistryClientError) -> [PushProgress.Step] {
        let steps = Mutex<[PushProgress.Step]>([])
        let session = RegistrySession(fixture.client, domain: registry.domain, credentials: credentials)
        let upload = ImageUpload(
            fixture.client, RemoteRepository(session, path: "a/b"), from: fixture.store, mounting: sources
        ) { progress in steps.withLock { $0.append(progress.step) } }
        try await upload.run(
            ContentDescriptor(
                mediaType: .ociManifest, digest: image.manifestDigest, size: Int64(image.manifest.count)), as: "1")
        return steps.withLock { $0 }
    }

    /// Why a push fails; nil when it does not.
    private func refusal(_ registry: ScriptedRegistry, _ credentials: RegistryCredentials? = nil)
        async -> RegistryClientError?
    {
        do { _ = try await push(to: registry, credentials) } catch { return error }
        return nil
    }

    @Test("distribution-spec 1.1, \"Push\": blobs by POST and PUT, with their digests, and the manifest last")
    func order() async throws {
        try await ScriptedRegistry.with(Self.takesAll) { [self] registry in
            let steps = try await push(to: registry)
            #expect(steps.first == .waiting && steps.last == .uploaded)
            let puts = registry.requests("PUT", containing: "/v2/")
            let digests = [image.layerDigest, image.configurationDigest].map { "\($0)".replacing(":", with: "%3A") }
            #expect(
                puts.map(\.target) == digests.map { "/v2/a/b/blobs/uploads/1?state=x&digest=\($0)" }
                    + ["/v2/a/b/manifests/1"])
            #expect(puts.first?.body == String(decoding: image.layer, as: UTF8.self))
            #expect(puts.last?.fields["content-type"] == MediaType.ociManifest.rawValue)
        }
    }

    @Test("what the registry has is not sent")
    func present() async throws {
        try await ScriptedRegistry.with({ request in
            request.method == "HEAD" ? ScriptedRegistry.answer(200) : Self.takesAll(request)
        }) { [self] registry in
            let steps = try await push(to: registry)
            #expect(steps == [.waiting, .present])
            #expect(registry.requests("POST", containing: "").isEmpty)
        }
    }

    @Test("what it has in another repository it is asked to take from there")
    func mount() async throws {
        try await ScriptedRegistry.with({ request in
            request.target.contains("from=c%2Fd") ? ScriptedRegistry.answer(201) : Self.takesAll(request)
        }) { [self] registry in
            let steps = try await push(to: registry, mounting: [image.layerDigest: "c/d"])
            #expect(steps == [.waiting, .mounted(from: "c/d")])
        }
    }

    @Test("where the user may not read that repository, it is sent")
    func mountRefused() async throws {
        try await ScriptedRegistry.with({ request in
            request.target.contains("from=") ? ScriptedRegistry.answer(403) : Self.takesAll(request)
        }) { [self] registry in
            let steps = try await push(to: registry, mounting: [image.layerDigest: "c/d"])
            #expect(steps.last == .uploaded)
        }
    }

    @Test("foreign-credentials: an upload that goes on at another host has no credentials with it")
    func foreignUpload() async throws {
        try await ScriptedRegistry.with(Self.takesAll) { [self] other in
            let place = "http://\(other.domain)/elsewhere/1"
            try await ScriptedRegistry.with({ request in
                request.method == "POST" ? ScriptedRegistry.answer(202, ["Location": place]) : Self.takesAll(request)
            }) { [self] registry in
                _ = try await push(to: registry, RegistryCredentials(registryToken: "secret"))
                #expect(registry.requests.allSatisfy { $0.fields["authorization"] == "Bearer secret" })
                #expect(other.requests.count == 2)
                #expect(other.requests.allSatisfy { $0.fields["authorization"] == nil })
            }
        }
    }

    @Test(
        "a registry that names no place, or one that is none, is not believed",
        arguments: ["", "http://u:p@h/", "ftp://h/"])
    func badPlace(_ location: String) async throws {
        try await ScriptedRegistry.with({ request in
            request.method != "POST"
                ? Self.takesAll(request)
                : location.isEmpty ? ScriptedRegistry.answer(202) : ScriptedRegistry.answer(202, ["Location": location])
        }) { [self] registry in
            guard case .untrustworthy? = await refusal(registry) else {
                Issue.record("it was believed")
                return
            }
        }
    }

    @Test("digest-lie: a registry that has taken something else is not believed")
    func otherDigest() async throws {
        try await ScriptedRegistry.with({ [image] request in
            request.target.contains("/manifests/")
                ? ScriptedRegistry.answer(201, ["Docker-Content-Digest": "\(image.layerDigest)"])
                : Self.takesAll(request)
        }) { [self] registry in
            guard case .untrustworthy? = await refusal(registry) else {
                Issue.record("it was believed")
                return
            }
        }
    }

    @Test("a registry that is overrun is asked again")
    func overrun() async throws {
        let isFirst = Mutex(true)
        try await ScriptedRegistry.with({ request in
            let fails =
                request.method == "PUT"
                && isFirst.withLock { first in
                    defer { first = false }
                    return first
                }
            return fails ? ScriptedRegistry.answer(503, ["Retry-After": "0"]) : Self.takesAll(request)
        }) { [self] registry in
            let steps = try await push(to: registry)
            #expect(steps.contains { if case .retrying = $0 { true } else { false } })
            #expect(steps.last == .uploaded)
        }
    }

    @Test("a login asks for a token to keep, and answers the one that is given")
    func login() async throws {
        try await ScriptedRegistry.with({ request in
            if request.target.hasPrefix("/token") {
                return ScriptedRegistry.answer(200, [:], Array(#"{"token":"t","refresh_token":"lasting"}"#.utf8))
            }
            let host = request.fields["host"] ?? ""
            return request.fields["authorization"] == "Bearer t"
                ? ScriptedRegistry.answer(200)
                : ScriptedRegistry.answer(
                    401, ["WWW-Authenticate": "Bearer realm=\"http://\(host)/token\",service=\"s\""])
        }) { [fixture] registry in
            let login = RegistryCredentials(username: "u", password: "p")
            let session = RegistrySession(fixture.client, domain: registry.domain, credentials: login)
            let token = try await session.logIn()
            #expect(token == "lasting")
            #expect(
                registry.requests("GET", containing: "/token").first?.target
                    == "/token?service=s&account=u&offline_token=true&client_id=wherry")
        }
    }
}
