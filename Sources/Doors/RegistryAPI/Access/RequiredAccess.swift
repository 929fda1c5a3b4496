internal import HTTPService
internal import ImageSpec
internal import NIOHTTP1
internal import Registry

/// What somebody may do with one thing, or has to be allowed to: distribution's "Token Scope Documentation".
struct AccessScope: Hashable, Sendable, Codable, CustomStringConvertible {
    let type: String
    let name: String
    let actions: [String]

    static let catalog = AccessScope(type: "registry", name: "catalog", actions: ["*"])

    var description: String { "\(type):\(name):\(actions.joined(separator: ","))" }

    /// Whether `granted`, which are a token's, allow all of it. Names are compared whole (token-confusion).
    func isAllowed(by granted: [AccessScope]) -> Bool {
        let fitting = granted.filter { $0.type == type && $0.name == name }.flatMap(\.actions)
        return actions.allSatisfy { fitting.contains($0) || fitting.contains("*") }
    }
}

extension AccessScope {
    /// What a request needs. What is no request of this registry's needs nothing: it gets no answer either.
    static func required(method: HTTPMethod, components: [String], query: HTTPQuery) -> [AccessScope] {
        guard components.first == "v2" else { return requiredByPage(components) }
        guard let route = try? RegistryRoute(components) else { return [] }
        guard let name = route.repository else { return route == .catalog ? [.catalog] : [] }
        return [.repository(name, actions(method, route))] + source(of: query, for: route)
    }

    private static func repository(_ name: RepositoryName, _ actions: [String]) -> AccessScope {
        AccessScope(type: "repository", name: name.description, actions: actions)
    }

    private static func actions(_ method: HTTPMethod, _ route: RegistryRoute) -> [String] {
        switch (method, route) {
        case (.GET, .upload), (.HEAD, .upload), (.DELETE, .upload): ["pull", "push"]
        case (.GET, _), (.HEAD, _): ["pull"]
        case (.DELETE, _): ["delete"]
        default: ["pull", "push"]
        }
    }

    /// A blob that is mounted is read from where it is.
    private static func source(of query: HTTPQuery, for route: RegistryRoute) -> [AccessScope] {
        guard case .uploads = route, query["mount"] != nil, let from = query["from"],
            let name = try? RepositoryName(from)
        else { return [] }
        return [.repository(name, ["pull"])]
    }

    /// Pages show what the catalog and manifests do.
    private static func requiredByPage(_ components: [String]) -> [AccessScope] {
        let place = components.dropFirst().joined(separator: "/").prefix { $0 != "@" }
        guard components.first == "repositories", let name = try? RepositoryName(place) else { return [.catalog] }
        return [.repository(name, ["pull"])]
    }
}
