public import BlockingThreads
public import HTTPService
internal import ImageSpec
internal import NIOHTTP1
public import Registry

/// What a registry lets its clients do.
public struct RegistryRules: Hashable, Sendable {
    /// Nothing is pushed or deleted.
    public var isReadOnly = false
    /// Manifests, tags and blobs can be deleted.
    public var allowsDeletion = true
    /// Blobs can be mounted without saying from which repository.
    public var allowsAnonymousMounts = true

    public init() {}
}

/// distribution-spec 1.1 over HTTP: a translation onto ``Registry``.
public struct RegistryAPI: HTTPService {
    let registry: Registry
    let threads: BlockingThreads
    let rules: RegistryRules

    /// `threads` are where the registry's calls block.
    public init(_ registry: Registry, on threads: BlockingThreads, rules: RegistryRules = RegistryRules()) {
        self.registry = registry
        self.threads = threads
        self.rules = rules
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        var response: HTTPResponse
        do {
            response = try await answer(request)
        } catch let error as RegistryError {
            response = HTTPResponse(error)
        } catch {
            // The client is gone: nobody reads this.
            response = HTTPResponse(.badRequest)
        }
        response.headers.replaceOrAdd(name: "docker-distribution-api-version", value: "registry/2.0")
        return response
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let components = request.components, let route = try RegistryRoute(components) else {
            return HTTPResponse(.notFound)
        }
        guard route.methods.contains(request.method) else { return Self.notAllowed(request.method, route) }
        try check(request.method, route)
        switch route {
        case .support: return HTTPResponse(.ok, json: [String: String]())
        case .catalog: return try await catalog(request)
        case .tags(let name): return try await tags(name, request)
        case .manifest(let name, let reference): return try await manifest(name, reference, request)
        case .blob(let name, let digest): return try await blob(name, digest, request)
        case .uploads(let name): return try await beginUpload(name, request)
        case .upload(let name, let id): return try await upload(name, id, request)
        case .referrers(let name, let digest): return try await referrers(name, digest, request)
        }
    }

    private static func notAllowed(_ method: HTTPMethod, _ route: RegistryRoute) -> HTTPResponse {
        let allowed = route.methods.map(\.rawValue).joined(separator: ", ")
        let error = RegistryError(.unsupported, "\(method) has no meaning here, only \(allowed)")
        return HTTPResponse(error, ["allow": allowed])
    }

    private func check(_ method: HTTPMethod, _ route: RegistryRoute) throws(RegistryError) {
        if [.GET, .HEAD].contains(method) { return }
        guard !rules.isReadOnly else { throw RegistryError(.unsupported, "this registry is read-only") }
        var isUpload = false
        if case .upload = route { isUpload = true }
        guard method != .DELETE || isUpload || rules.allowsDeletion else {
            throw RegistryError(.unsupported, "this registry does not delete")
        }
    }

    /// Runs what blocks where it may.
    func onThread<Value: Sendable>(_ body: @escaping @Sendable (Registry) throws(RegistryError) -> Value)
        async throws(RegistryError) -> Value
    {
        let registry = registry
        return try await threads.run { () throws(RegistryError) in try body(registry) }
    }
}
