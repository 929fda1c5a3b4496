public import BlockingThreads
public import HTTPService
internal import LinuxKernel
internal import NIOHTTP1
internal import Registry

/// Lets in who has a token that allows what is asked for: RFC 6750.
public struct TokenAccess: HTTPService {
    private let inner: any HTTPService
    private let policy: TokenPolicy
    private let file: TokenKeyFile
    private let threads: BlockingThreads

    public init(_ inner: any HTTPService, policy: TokenPolicy, keys: TokenKeyFile, on threads: BlockingThreads) {
        self.inner = inner
        self.policy = policy
        self.file = keys
        self.threads = threads
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        let required = AccessScope.required(
            method: request.method, components: request.components ?? [], query: request.query)
        let (policy, file) = (policy, file)
        let authorization = request.headers.first(name: "authorization")
        let verdict = await threads.run {
            policy.judge(
                authorization: authorization, required: required, keys: file.keys,
                now: Double(Timestamp.now.nanoseconds) / 1e9)
        }
        switch verdict {
        case .allowed: return await inner.respond(to: request)
        case .refused(let challenge, let reason):
            return HTTPResponse(
                RegistryError(.unauthorized, reason),
                ["www-authenticate": challenge, "docker-distribution-api-version": "registry/2.0"])
        }
    }
}
