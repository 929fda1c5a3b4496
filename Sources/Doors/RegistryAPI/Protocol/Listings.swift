internal import HTTPService
internal import ImageSpec
internal import NIOHTTP1
internal import Registry

private struct TagList: Encodable {
    let name: String
    let tags: [String]
}

private struct Catalog: Encodable { let repositories: [String] }

/// spec.md, "Content Discovery".
extension RegistryAPI {
    func catalog(_ request: HTTPRequest) async throws(RegistryError) -> HTTPResponse {
        let (count, last) = (try request.count(), request.query["last"])
        let page = try await onThread { registry throws(RegistryError) in
            try registry.catalog(count: count, after: last)
        }
        return HTTPResponse(.ok, request.headers(of: page, count: count), json: Catalog(repositories: page.names))
    }

    func tags(_ name: RepositoryName, _ request: HTTPRequest) async throws(RegistryError) -> HTTPResponse {
        let (count, last) = (try request.count(), request.query["last"])
        let page = try await onThread { registry throws(RegistryError) in
            try registry.tags(of: name, count: count, after: last)
        }
        let list = TagList(name: name.description, tags: page.names)
        return HTTPResponse(.ok, request.headers(of: page, count: count), json: list)
    }

    func referrers(_ name: RepositoryName, _ subject: Digest, _ request: HTTPRequest) async throws(RegistryError)
        -> HTTPResponse
    {
        let type = request.query["artifactType"]
        let index = try await onThread { registry throws(RegistryError) in
            try registry.referrers(of: subject, in: name, artifactType: type)
        }
        var headers: HTTPHeaders = ["content-type": MediaType.ociIndex.rawValue]
        if type != nil { headers.add(name: "oci-filters-applied", value: "artifactType") }
        return HTTPResponse(.ok, headers, json: index)
    }
}

extension HTTPRequest {
    /// How many names are wanted; nil when nobody says. What is past all lists is as good as all (catalog-flood).
    fileprivate func count() throws(RegistryError) -> Int? {
        guard let text = query["n"] else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw RegistryError(.unsupported, "n=\(text.prefix(32)): must be a number", .usual)
        }
        return Int(text) ?? .max
    }

    fileprivate func headers(of page: Page, count: Int?) -> HTTPHeaders {
        var headers: HTTPHeaders = [:]
        if page.hasMore, let last = page.names.last {
            headers.addNext(path, count: count.map { min($0, Page.limit) }, last: last)
        }
        return headers
    }
}
