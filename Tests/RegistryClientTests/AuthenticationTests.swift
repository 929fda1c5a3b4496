import ContentStore
import HTTPTransfers
import Harness
import ImageSpec
import Testing

@testable import RegistryClient

@Suite("A registry asks who it is that asks")
struct AuthenticationTests {
    let scratch: Scratch
    let fixture: PullFixture
    let image: SmallImage

    init() throws {
        scratch = try Scratch()
        fixture = try PullFixture(in: scratch)
        image = try SmallImage()
    }

    @Test(
        "challenges as registries write them",
        arguments: [
            (
                [#"Bearer realm="https://a/t",service="s",scope="repository:a/b:pull,push""#],
                [
                    Challenge(
                        scheme: "bearer",
                        parameters: ["realm": "https://a/t", "service": "s", "scope": "repository:a/b:pull,push"])
                ]
            ),
            (["Basic realm=x"], [Challenge(scheme: "basic", parameters: ["realm": "x"])]),
            (
                [#"Bearer realm="a \" b", Basic realm="c""#],
                [
                    Challenge(scheme: "bearer", parameters: ["realm": "a \" b"]),
                    Challenge(scheme: "basic", parameters: ["realm": "c"]),
                ]
            ),
            (
                ["Negotiate", "Basic"],
                [
                    Challenge(scheme: "negotiate", parameters: [:]), Challenge(scheme: "basic", parameters: [:]),
                ]
            ),
            ([""], []), (["=\"", "Bearer realm=\""], [Challenge(scheme: "bearer", parameters: ["realm": ""])]),
        ])
    func challenges(_ fields: [String], _ expected: [Challenge]) { #expect(Challenge.all(in: fields) == expected) }

    @Test("RFC 7617, section 2: the name and the password of its example")
    func basicCredentials() {
        let credentials = RegistryCredentials(username: "Aladdin", password: "open sesame")
        #expect(credentials.basic == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    }

    @Test("a password is given to who asks for one, and not before")
    func basic() async throws {
        try await ScriptedRegistry.with({ [image] request in
            request.fields["authorization"] == "Basic dTpw"
                ? image.answer(request) : ScriptedRegistry.answer(401, ["WWW-Authenticate": "Basic realm=\"x\""])
        }) { [fixture] registry in
            try await fixture.pull("\(registry.domain)/a/b", RegistryCredentials(username: "u", password: "p"))
            #expect(registry.requests.first?.fields["authorization"] == nil)
            #expect(registry.requests.filter { $0.fields["authorization"] == nil }.count == 1)
        }
    }

    @Test("a wrong password is refused after one attempt, in words")
    func wrong() async throws {
        try await ScriptedRegistry.with({ _ in
            ScriptedRegistry.answer(401, ["WWW-Authenticate": "Basic realm=\"x\""])
        }) { [fixture] registry in
            let refusal = await fixture.refusal(
                "\(registry.domain)/a/b", RegistryCredentials(username: "u", password: "p"))
            #expect("\(String(describing: refusal))".contains("unauthorized"))
            #expect(registry.requests.count == 2)
        }
    }

    /// A registry that is its own token server.
    private static func tokens(_ request: ScriptedRegistry.Request, _ image: SmallImage) -> [UInt8] {
        if request.target.hasPrefix("/token") {
            return ScriptedRegistry.answer(200, [:], Array(#"{"token":"secret","expires_in":300}"#.utf8))
        }
        guard request.fields["authorization"] == "Bearer secret" else {
            let host = request.fields["host"] ?? ""
            return ScriptedRegistry.answer(
                401, ["WWW-Authenticate": "Bearer realm=\"http://\(host)/token\",service=\"here\""])
        }
        return image.answer(request)
    }

    @Test("a token is fetched once for a repository, with a password if there is one", arguments: [true, false])
    func token(_ hasPassword: Bool) async throws {
        try await ScriptedRegistry.with({ [image] in Self.tokens($0, image) }) { [fixture] registry in
            let credentials = hasPassword ? RegistryCredentials(username: "u", password: "p") : nil
            try await fixture.pull("\(registry.domain)/a/b", credentials)
            let asked = registry.requests("GET", containing: "/token")
            #expect(asked.count == 1)
            #expect(asked.first?.fields["authorization"] == (hasPassword ? "Basic dTpw" : nil))
            let account = hasPassword ? "&account=u" : ""
            #expect(asked.first?.target == "/token?service=here&scope=repository%3Aa%2Fb%3Apull\(account)")
        }
    }

    @Test("a refresh token is changed for one that lasts shorter")
    func refreshToken() async throws {
        try await ScriptedRegistry.with({ [image] in Self.tokens($0, image) }) { [fixture] registry in
            try await fixture.pull("\(registry.domain)/a/b", RegistryCredentials(identityToken: "lasting"))
            let asked = registry.requests("POST", containing: "/token")
            #expect(asked.count == 1)
            #expect(asked.first?.body.contains("grant_type=refresh_token") == true)
            #expect(asked.first?.body.contains("refresh_token=lasting") == true)
        }
    }

    @Test("what came from somewhere cannot add a field to a head")
    func injection() async throws {
        try await ScriptedRegistry.with(image.answer) { [fixture] registry in
            let refusal = await fixture.refusal(
                "\(registry.domain)/a/b", RegistryCredentials(registryToken: "a\r\nX-Evil: 1"))
            guard case .transfer(_, let error) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(error.kind == .invalid)
            #expect(registry.requests.isEmpty)
        }
    }
}
