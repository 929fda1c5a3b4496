import Harness
import Testing

@testable import WebTokens

@Suite("JSON Web Tokens")
struct WebTokenTests {
    static let rsa = Result { try TokenSigner(.rsa) }
    static let p256 = Result { try TokenSigner(.p256) }
    static let expected = TokenExpectation(issuer: "port office", audience: "registry.example")
    static let now = 1_000_000.0

    private func claims(issuer: String = "port office", audience: String = #""registry.example""#, more: String = "")
        -> String
    {
        #"{"iss":"\#(issuer)","aud":\#(audience),"exp":1000100\#(more)}"#
    }

    private func check(_ token: String, _ keys: String, now: Double = now) throws -> [UInt8] {
        try KeySet(parsing: Array(keys.utf8)).claims(of: token, Self.expected, now: now)
    }

    @Test("what a key of the file signed is taken: public keys and certificates in PEM, and JSON Web Keys")
    func keys() throws {
        let (rsa, p256) = (try Self.rsa.get(), try Self.p256.get())
        for keys in [
            rsa.publicPEM, rsa.certificatePEM, p256.publicPEM + rsa.certificatePEM,
            #"{"keys":[{"kty":"oct","k":"c2VjcmV0"},\#(rsa.webKey(named: "a"))]}"#,
        ] {
            #expect(try check(try rsa.token(claims()), keys) == Array(claims().utf8))
        }
        for keys in [p256.publicPEM, p256.certificatePEM] {
            #expect(try check(try p256.token(claims()), keys) == Array(claims().utf8))
        }
    }

    @Test("RFC 7515, A.3: the specification's own key has signed its own token")
    func vector() throws {
        let keys = try KeySet(
            parsing: Array(
                #"""
                {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
                """#.utf8))
        let message =
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS"
            + "9pc19yb290Ijp0cnVlfQ"
        let signature = try #require(
            Base64URL.decode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"))
        let key = try #require(keys.keys(for: nil).first)
        #expect(key.verifies(signature, of: Array(message.utf8)))
        #expect(!key.verifies(signature, of: Array("\(message)x".utf8)))
        #expect(!key.verifies(Array(signature.dropLast()), of: Array(message.utf8)))
    }

    @Test("an audience may be one of several")
    func audiences() throws {
        let token = try Self.rsa.get().token(claims(audience: #"["other","registry.example"]"#))
        #expect(throws: Never.self) { try check(token, try Self.rsa.get().publicPEM) }
    }

    @Test("clocks may be a minute apart, and not more")
    func times() throws {
        let keys = try Self.rsa.get().publicPEM
        let token = try Self.rsa.get().token(claims(more: #","nbf":1000000"#))
        #expect(throws: Never.self) { try check(token, keys, now: 1_000_159) }
        #expect(throws: WebTokenError(reason: "it has expired")) { try check(token, keys, now: 1_000_160) }
        #expect(throws: Never.self) { try check(token, keys, now: 999_940) }
        #expect(throws: WebTokenError(reason: "it is not valid yet")) { try check(token, keys, now: 999_939) }
    }

    @Test("a token without an end, an issuer or an audience, or with extensions, is refused")
    func lacks() throws {
        let (signer, keys) = (try Self.rsa.get(), try Self.rsa.get().publicPEM)
        for claims in [
            #"{"iss":"port office","aud":"registry.example"}"#, #"{"iss":"port office","exp":1000100}"#,
            #"{"aud":"registry.example","exp":1000100}"#, "[]", "",
        ] {
            #expect(throws: WebTokenError.self) { try check(try signer.token(claims), keys) }
        }
        #expect(throws: WebTokenError(reason: "it asks for extensions of JWS")) {
            try check(try signer.token(claims(), moreHeader: #","crit":["x"]"#), keys)
        }
        for text in ["", "a", "a.b", "a.b.c", "a.b.c.d", "....", try signer.token(claims()) + "="] {
            #expect(throws: WebTokenError.self) { try check(text, keys) }
        }
    }

    @Test("token-confusion: neither another issuer's, nor another audience's, nor a forged key's token is taken")
    func others() throws {
        let (signer, keys) = (try Self.rsa.get(), try Self.rsa.get().publicPEM)
        #expect(throws: WebTokenError(reason: "another issuer made it")) {
            try check(try signer.token(claims(issuer: "pirate")), keys)
        }
        for audience in [#""other""#, "[]", #""registry.example.evil""#] {
            #expect(throws: WebTokenError(reason: "it is for another audience")) {
                try check(try signer.token(claims(audience: audience)), keys)
            }
        }
        for forger in [try TokenSigner(.rsa), try TokenSigner(.p256)] {
            #expect(throws: WebTokenError.self) { try check(try forger.token(claims()), keys) }
            // A key that the token itself brings along counts for nothing.
            let brought = #","jwk":\#(signer.webKey(named: "a"))"#
            #expect(throws: WebTokenError.self) { try check(try forger.token(claims(), moreHeader: brought), keys) }
        }
    }

    @Test("token-confusion: a token does not choose its algorithm: none, HS256 with the public key, another key's")
    func algorithms() throws {
        let (signer, keys) = (try Self.rsa.get(), try Self.rsa.get().publicPEM)
        for token in [
            TokenSigner.unsignedToken(claims()), TokenSigner.unsignedToken(claims(), algorithm: "RS256"),
            TokenSigner.unsignedToken(claims(), algorithm: "None"), TokenSigner.tokenWithSecret(keys, claims()),
            try signer.token(claims(), algorithm: "ES256"), try signer.token(claims(), algorithm: "RS384"),
        ] {
            #expect(throws: WebTokenError.self) { try check(token, keys) }
        }
        let both = keys + (try Self.p256.get().publicPEM)
        #expect(throws: WebTokenError.self) { try check(try signer.token(claims(), algorithm: "ES256"), both) }
    }

    @Test("a key that has a name verifies only what names it or nobody")
    func names() throws {
        let signer = try Self.rsa.get()
        let keys = #"{"keys":[\#(signer.webKey(named: "a"))]}"#
        #expect(throws: Never.self) { try check(try signer.token(claims(), moreHeader: #","kid":"a""#), keys) }
        #expect(throws: WebTokenError.self) { try check(try signer.token(claims(), moreHeader: #","kid":"b""#), keys) }
    }

    @Test(
        "a file without a key that could verify is refused by what is wrong with it",
        arguments: [
            ("", "neither certificates"), ("hello", "neither certificates"), ("{}", "no JSON Web Key Set"),
            (#"{"keys":[]}"#, "no key for RS256"), (#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#, "no key for RS256"),
            (#"{"keys":[{"kty":"RSA","n":"!","e":"AQAB"}]}"#, "\"n\" is no base64url"),
            (#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#, "2048 bits"),
            (#"{"keys":[{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}]}"#, "make none"),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "cannot be read"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
        ])
    func files(_ text: String, _ reason: String) {
        let error = #expect(throws: WebTokenError.self) { try KeySet(parsing: Array(text.utf8)) }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
}
