public import BlockingThreads
public import HTTPService
internal import NIOHTTP1
public import Registry

/// All that a registry's port answers: the distribution specification below `/v2/`, and beside it pages for people
/// and what monitors ask.
public struct RegistryDoor: HTTPService {
    private let api: any HTTPService
    private let pages: any HTTPService
    private let registry: Registry
    private let threads: BlockingThreads
    private let metrics: RegistryMetrics

    /// `access` is for the specification's paths and the pages.
    public init(
        _ registry: Registry, rules: RegistryRules, metrics: RegistryMetrics, on threads: BlockingThreads,
        access: AccessControl = .everybody
    ) {
        var rules = rules
        // Whoever may not read a repository must not get its blobs through a mount that names none.
        if access.isByRepository { rules.allowsAnonymousMounts = false }
        api = access.guarding(RegistryAPI(registry, on: threads, rules: rules), on: threads)
        pages = access.guarding(RegistryPages(registry, on: threads), on: threads)
        self.registry = registry
        self.threads = threads
        self.metrics = metrics
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch request.path {
        case "/healthz": await health()
        case "/metrics":
            HTTPResponse(
                .ok, ["content-type": "text/plain; version=0.0.4"], body: .bytes(Array(metrics.text.utf8)))
        case let path where path.hasPrefix("/v2/"): await api.respond(to: request)
        default: await pages.respond(to: request)
        }
    }

    /// Whether something could be pushed now.
    private func health() async -> HTTPResponse {
        let registry = registry
        do throws(RegistryError) {
            try await threads.run { () throws(RegistryError) in try registry.checkStorage() }
            return HTTPResponse(.ok, json: ["status": "ok"])
        } catch {
            return HTTPResponse(.serviceUnavailable, json: ["status": error.message])
        }
    }
}
