internal import HTTPService
internal import ImageSpec
internal import NIOHTTP1
internal import Registry

/// spec.md, "Pulling manifests", "Pushing Manifests", "Deleting Manifests".
extension RegistryAPI {
    func manifest(_ name: RepositoryName, _ reference: ManifestReference, _ request: HTTPRequest) async throws
        -> HTTPResponse
    {
        switch request.method {
        case .PUT: return try await pushManifest(name, reference, request)
        case .DELETE:
            try await onThread { registry throws(RegistryError) in try registry.delete(reference, in: name) }
            return HTTPResponse(.accepted)
        case .HEAD: return try await describeManifest(name, reference, request)
        default: return try await pullManifest(name, reference, request)
        }
    }

    private func describeManifest(_ name: RepositoryName, _ reference: ManifestReference, _ request: HTTPRequest)
        async throws(RegistryError) -> HTTPResponse
    {
        let found = try await onThread { registry throws(RegistryError) in
            try registry.describe(reference, in: name)
        }
        var headers = HTTPHeaders(content: found.digest, type: found.mediaType.rawValue)
        if request.has(found.digest) { return HTTPResponse(.notModified, headers) }
        headers.add(name: "content-length", value: "\(found.size)")
        return HTTPResponse(.ok, headers)
    }

    private func pullManifest(_ name: RepositoryName, _ reference: ManifestReference, _ request: HTTPRequest)
        async throws(RegistryError) -> HTTPResponse
    {
        let found = try await onThread { registry throws(RegistryError) in
            try registry.manifest(reference, in: name)
        }
        let headers = HTTPHeaders(content: found.digest, type: found.mediaType.rawValue)
        if request.has(found.digest) { return HTTPResponse(.notModified, headers) }
        return HTTPResponse(.ok, headers, body: .bytes(found.bytes))
    }

    private func pushManifest(_ name: RepositoryName, _ reference: ManifestReference, _ request: HTTPRequest)
        async throws -> HTTPResponse
    {
        guard let bytes = try await request.body.whole(limit: maximumDocumentSize) else {
            throw RegistryError(
                .sizeInvalid, "a manifest has at most \(maximumDocumentSize) bytes, this one more", .tooLarge)
        }
        let push = try ManifestPush(
            bytes: bytes, mediaType: request.contentType.map(MediaType.init(rawValue:)), reference: reference,
            moreTags: request.query.all("tag"))
        let pushed = try await onThread { registry throws(RegistryError) in try registry.push(push, to: name) }
        return HTTPResponse(.created, Self.headers(of: pushed, moreTags: push.moreTags, name))
    }

    private static func headers(of pushed: PushedManifest, moreTags: [String], _ name: RepositoryName)
        -> HTTPHeaders
    {
        var headers: HTTPHeaders = [
            "location": "/v2/\(name)/manifests/\(pushed.digest)", HTTPHeaders.digest: pushed.digest.description,
        ]
        if let subject = pushed.subject { headers.add(name: "oci-subject", value: subject.description) }
        for tag in moreTags { headers.add(name: "oci-tag", value: tag) }
        return headers
    }
}

extension HTTPRequest {
    /// Without parameters, which a registry ignores.
    fileprivate var contentType: String? {
        headers.first(name: "content-type").flatMap { $0.split(separator: ";").first }
            .map { $0.trimmingPrefix(" ").split(separator: " ").first.map(String.init) ?? "" }
    }

    /// The client has it already: RFC 9110, 13.1.2.
    func has(_ digest: Digest) -> Bool {
        headers[canonicalForm: "if-none-match"].contains { tag in
            let tag = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
            return tag == "*" || tag == "\"\(digest)\""
        }
    }
}
