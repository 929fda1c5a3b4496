internal import HTTPService
internal import ImageSpec
internal import LinuxKernel
internal import NIOHTTP1
internal import Registry

/// spec.md, "Pulling blobs", "Deleting Blobs".
extension RegistryAPI {
    func blob(_ name: RepositoryName, _ digest: Digest, _ request: HTTPRequest) async throws(RegistryError)
        -> HTTPResponse
    {
        switch request.method {
        case .DELETE:
            try await onThread { registry throws(RegistryError) in try registry.deleteBlob(digest, in: name) }
            return HTTPResponse(.accepted)
        case .HEAD: return try await describeBlob(name, digest)
        default: return try await pullBlob(name, digest, request)
        }
    }

    private static func headers(of digest: Digest) -> HTTPHeaders {
        var headers = HTTPHeaders(content: digest, type: "application/octet-stream")
        headers.add(name: "accept-ranges", value: "bytes")
        headers.add(name: "cache-control", value: "max-age=31536000, immutable")
        return headers
    }

    private func describeBlob(_ name: RepositoryName, _ digest: Digest) async throws(RegistryError) -> HTTPResponse {
        let size = try await onThread { registry throws(RegistryError) in try registry.blobSize(digest, in: name) }
        var headers = Self.headers(of: digest)
        headers.add(name: "content-length", value: "\(size)")
        return HTTPResponse(.ok, headers)
    }

    private func pullBlob(_ name: RepositoryName, _ digest: Digest, _ request: HTTPRequest)
        async throws(RegistryError) -> HTTPResponse
    {
        var headers = Self.headers(of: digest)
        if request.has(digest) { return HTTPResponse(.notModified, headers) }
        let (file, size) = try await onThread { registry throws(RegistryError) in
            try registry.openBlob(digest, in: name)
        }
        switch ByteRange.of(request, digest, size: size) {
        case .whole:
            return HTTPResponse(.ok, headers, body: .file(file, offset: 0, count: size))
        case .part(let range):
            headers.add(name: "content-range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
            return HTTPResponse(
                .partialContent, headers,
                body: .file(file, offset: range.lowerBound, count: range.upperBound - range.lowerBound))
        case .outside:
            return HTTPResponse(
                RegistryError(.unsupported, "blob \(digest) has \(size) bytes: the range is past them", .outOfRange),
                ["content-range": "bytes */\(size)"])
        }
    }
}

/// The part of a content that a request wants: RFC 9110, 14.
enum ByteRange: Hashable, Sendable {
    case whole
    case part(Range<Int64>)
    /// None of it is there.
    case outside

    static func of(_ request: HTTPRequest, _ digest: Digest, size: Int64) -> ByteRange {
        guard let text = request.headers.first(name: "range") else { return .whole }
        // If-Range: a part only of what the client has the rest of.
        if let condition = request.headers.first(name: "if-range"), condition != "\"\(digest)\"" { return .whole }
        return ByteRange(text, size: size)
    }

    /// A header that is not understood is ignored, and so is one with several ranges: RFC 9110, 14.2 allows that.
    init(_ text: String, size: Int64) {
        let sides = text.trimmingPrefix("bytes=").split(separator: "-", omittingEmptySubsequences: false)
        guard text.hasPrefix("bytes="), sides.count == 2 else {
            self = .whole
            return
        }
        switch (Self.number(sides[0]), Self.number(sides[1])) {
        case (let first?, let last?) where first <= last: self = Self.clamped(first, last, size)
        case (let first?, nil) where sides[1].isEmpty: self = Self.clamped(first, .max, size)
        case (nil, let count?) where sides[0].isEmpty:
            self = count == 0 ? .outside : Self.clamped(max(0, size - count), .max, size)
        default: self = .whole
        }
    }

    private static func clamped(_ first: Int64, _ last: Int64, _ size: Int64) -> ByteRange {
        first < size ? .part(first..<(min(last, size - 1) + 1)) : .outside
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }
}
