import Harness
import ImageSpec
import NIOHTTP1
import Testing
import WebTokens

@testable import HTTPService
@testable import RegistryAPI

@Suite("Tokens and what they allow")
struct TokenAccessTests {
    static let signer = Result { try TokenSigner(.p256) }
    static let digest = "sha256:" + String(repeating: "a", count: 64)

    private func required(_ method: HTTPMethod, _ path: String, _ query: String = "") -> [String] {
        let components = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return AccessScope.required(method: method, components: components, query: HTTPQuery(query))
            .map(\.description)
    }

    @Test("every request names the repository and the actions that it needs")
    func scopes() {
        #expect(required(.GET, "/v2/") == [])
        #expect(required(.GET, "/v2/_catalog") == ["registry:catalog:*"])
        #expect(required(.GET, "/v2/a/b/tags/list") == ["repository:a/b:pull"])
        #expect(required(.HEAD, "/v2/a/b/manifests/1") == ["repository:a/b:pull"])
        #expect(required(.GET, "/v2/a/b/referrers/\(Self.digest)") == ["repository:a/b:pull"])
        #expect(required(.PUT, "/v2/a/b/manifests/1") == ["repository:a/b:pull,push"])
        #expect(required(.DELETE, "/v2/a/b/manifests/1") == ["repository:a/b:delete"])
        #expect(required(.POST, "/v2/a/b/blobs/uploads/") == ["repository:a/b:pull,push"])
        #expect(required(.GET, "/v2/a/b/blobs/uploads/x") == ["repository:a/b:pull,push"])
        #expect(required(.DELETE, "/v2/a/b/blobs/uploads/x") == ["repository:a/b:pull,push"])
        #expect(
            required(.POST, "/v2/a/blobs/uploads/", "mount=\(Self.digest)&from=c/d")
                == ["repository:a:pull,push", "repository:c/d:pull"])
        #expect(required(.GET, "/") == ["registry:catalog:*"])
        #expect(required(.GET, "/repositories/a/b@\(Self.digest)") == ["repository:a/b:pull"])
        #expect(required(.GET, "/repositories/a/b") == ["repository:a/b:pull"])
    }

    private func judge(_ token: String?, _ required: AccessScope...) throws -> TokenPolicy.Verdict {
        let policy = try #require(
            TokenPolicy(realm: "https://auth.example/token", service: "registry.example", issuer: "port office"))
        return policy.judge(
            authorization: token.map { "Bearer \($0)" }, required: required,
            keys: try KeySet(parsing: Array(try Self.signer.get().publicPEM.utf8)), now: 1000)
    }

    private func token(_ access: String) throws -> String {
        try Self.signer.get().token(
            #"{"iss":"port office","aud":"registry.example","exp":1060,"access":\#(access)}"#)
    }

    private let pull = AccessScope(type: "repository", name: "a/b", actions: ["pull"])
    private let push = AccessScope(type: "repository", name: "a/b", actions: ["pull", "push"])

    @Test("a token allows what its claims name, also in several, and \"*\" is every action")
    func allowed() throws {
        let one = try token(#"[{"type":"repository","name":"a/b","actions":["pull"]}]"#)
        #expect(try judge(one, pull) == .allowed)
        #expect(try judge(one) == .allowed)
        let parts =
            #"[{"type":"repository","name":"a/b","actions":["pull"]},"#
            + #"{"type":"repository","name":"a/b","actions":["push"]}]"#
        #expect(try judge(try token(parts), push) == .allowed)
        #expect(try judge(try token(#"[{"type":"repository","name":"a/b","actions":["*"]}]"#), push) == .allowed)
    }

    @Test("who has no token is told where to get which one")
    func challenge() throws {
        let challenge = #"Bearer realm="https://auth.example/token",service="registry.example""#
        #expect(try judge(nil) == .refused(challenge: challenge, reason: "get a token first"))
        #expect(
            try judge(nil, push)
                == .refused(
                    challenge: challenge + #",scope="repository:a/b:pull,push""#, reason: "get a token first"))
    }

    @Test(
        "token-confusion: a token for another repository, thing or action is for nothing else",
        arguments: [
            #"{"type":"repository","name":"a/b/c","actions":["*"]}"#,
            #"{"type":"repository","name":"a","actions":["*"]}"#,
            #"{"type":"repository","name":"A/B","actions":["*"]}"#,
            #"{"type":"repository","name":"*","actions":["*"]}"#,
            #"{"type":"registry","name":"a/b","actions":["*"]}"#,
            #"{"type":"repository","name":"a/b","actions":["pull"]}"#,
            #"{"type":"repository","name":"a/b","actions":["pull,push"]}"#,
            #"{"type":"repository","name":"a/b"}"#,
        ])
    func others(_ claim: String) throws {
        guard case .refused(let challenge, _) = try judge(try token("[\(claim)]"), push) else {
            Issue.record("allowed by \(claim)")
            return
        }
        #expect(challenge.hasSuffix(#",scope="repository:a/b:pull,push",error="insufficient_scope""#))
    }

    @Test("token-confusion: a token that is not taken is told so, and allows nothing, not even to ask for the version")
    func invalid() throws {
        let claims = #"{"iss":"port office","aud":"other","exp":1060,"access":[]}"#
        for token in [try Self.signer.get().token(claims), TokenSigner.unsignedToken(claims), "x"] {
            guard case .refused(let challenge, _) = try judge(token) else {
                Issue.record("allowed by \(token)")
                continue
            }
            #expect(challenge.hasSuffix(#",error="invalid_token""#))
        }
    }

    @Test("a realm or a service that would break out of the header is none")
    func injection() {
        #expect(TokenPolicy(realm: "https://a/\",x=\"", service: "b", issuer: "c") == nil)
        #expect(TokenPolicy(realm: "https://a/", service: "b\r\nc", issuer: "c") == nil)
    }
}
