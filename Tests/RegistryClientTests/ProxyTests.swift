import HTTPTransfers
import Testing

@testable import HTTPTransfers

@Suite("Requests go through the proxies that the environment names")
struct ProxyTests {
    @Test("as docker reads it: in capital letters first, and what is empty is not set")
    func environment() {
        let variables = ["HTTP_PROXY": "http://a:1", "http_proxy": "http://b:1", "HTTPS_PROXY": "", "no_proxy": "x"]
        let proxies = TransferProxies { variables[$0] }
        #expect(proxies == TransferProxies(http: "http://a:1", exceptions: "x"))
    }

    @Test(
        "by the request's scheme, and never to this machine itself",
        arguments: [
            ("http://r.example/v2/", "http://a:1"), ("https://r.example/v2/", "http://b:1"),
            ("http://localhost:5000/v2/", ""), ("https://127.0.0.1:5000/", ""), ("http://[::1]:5000/", ""),
        ])
    func choice(_ url: String, _ proxy: String) {
        #expect(TransferProxies(http: "http://a:1", https: "http://b:1").proxy(for: url) == proxy)
    }

    @Test("a proxy is asked for the whole address")
    func proxied() async throws {
        try await ScriptedRegistry.with({ _ in ScriptedRegistry.answer(200, [:], [1, 2]) }) { proxy in
            let transfers = try HTTPTransfers(proxies: TransferProxies(http: "http://\(proxy.domain)"))
            let answer = try await transfers.document(TransferRequest(.get, "http://registry.invalid/v2/"), limit: 10)
            #expect(answer.bytes == [1, 2])
            #expect(proxy.requests.map(\.target) == ["http://registry.invalid/v2/"])
        }
    }

    @Test("what NO_PROXY names is asked without one", arguments: ["registry.invalid", ".invalid", "*"])
    func exceptions(_ names: String) async throws {
        try await ScriptedRegistry.with { proxy in
            let proxies = TransferProxies(http: "http://\(proxy.domain)", exceptions: names)
            let transfers = try HTTPTransfers(proxies: proxies)
            await #expect(throws: TransferError.self) {
                _ = try await transfers.document(TransferRequest(.get, "http://registry.invalid/v2/"), limit: 10)
            }
            #expect(proxy.requests.isEmpty)
        }
    }
}
