internal import BlockingThreads
internal import HTTPService
internal import ImageSpec
internal import NIOCore
internal import NIOHTTP1
internal import Registry

/// spec.md, "Pushing blobs", "Mounting a blob from another repository", "Cancel a blob upload".
extension RegistryAPI {
    /// How much of a body is gathered before it is written, in bytes.
    private static let pieceSize = 256 * 1024

    func beginUpload(_ name: RepositoryName, _ request: HTTPRequest) async throws -> HTTPResponse {
        if let mounted = try await mount(into: name, request) { return Self.created(mounted, name) }
        let digest = try request.query["digest"].map { text throws(RegistryError) in
            try ManifestReference.checkedDigest(text)
        }
        let algorithm = try digest?.algorithm ?? Self.algorithm(request)
        let upload = try await onThread { registry throws(RegistryError) in
            try registry.beginUpload(to: name, algorithm)
        }
        guard let digest else {
            registry.rest(upload)
            return Self.accepted(upload, .accepted)
        }
        return try await whole(upload, digest, request)
    }

    /// Nil when nothing is to be mounted, or can be: the client pushes then.
    private func mount(into name: RepositoryName, _ request: HTTPRequest) async throws(RegistryError) -> Digest? {
        guard let mount = request.query["mount"] else { return nil }
        let digest = try ManifestReference.checkedDigest(mount)
        let source = try request.query["from"].map { name throws(RegistryError) in try RepositoryName(name) }
        guard source != nil || rules.allowsAnonymousMounts else { return nil }
        let isMounted = try await onThread { registry throws(RegistryError) in
            try registry.mountBlob(digest, from: source, into: name)
        }
        return isMounted ? digest : nil
    }

    /// spec.md, end-4c.
    private static func algorithm(_ request: HTTPRequest) throws(RegistryError) -> Digest.Algorithm {
        guard let text = request.query["digest-algorithm"] else { return .sha256 }
        guard let algorithm = Digest.Algorithm(rawValue: text) else {
            throw RegistryError(.digestInvalid, "digest-algorithm=\(text.prefix(32)): only sha256 and sha512 are known")
        }
        return algorithm
    }

    func upload(_ name: RepositoryName, _ id: String, _ request: HTTPRequest) async throws -> HTTPResponse {
        let upload = try await onThread { registry throws(RegistryError) in
            try registry.takeUpload(id, of: name)
        }
        switch request.method {
        case .PATCH: return try await append(to: upload, request)
        case .PUT: return try await close(upload, request)
        case .DELETE:
            try await onThread { registry throws(RegistryError) in try registry.cancel(upload) }
            return HTTPResponse(.noContent)
        default:
            registry.rest(upload)
            return Self.accepted(upload, .noContent)
        }
    }

    private func append(to upload: Upload, _ request: HTTPRequest) async throws -> HTTPResponse {
        // Whatever happens, what came so far is kept: the client asks where it stands, and goes on.
        defer { registry.rest(upload) }
        if let refusal = Self.refusal(of: request, upload) { return refusal }
        try await write(request, to: upload)
        return Self.accepted(upload, .accepted)
    }

    private func close(_ upload: Upload, _ request: HTTPRequest) async throws -> HTTPResponse {
        let digest: Digest
        do throws(RegistryError) {
            guard let text = request.query["digest"] else {
                throw RegistryError(.digestInvalid, "the blob's digest is missing: PUT with ?digest=")
            }
            digest = try ManifestReference.checkedDigest(text)
        } catch {
            registry.rest(upload)
            throw error
        }
        if let refusal = Self.refusal(of: request, upload) {
            registry.rest(upload)
            return refusal
        }
        return try await whole(upload, digest, request)
    }

    /// Takes the rest of a blob, and makes it one.
    private func whole(_ upload: Upload, _ digest: Digest, _ request: HTTPRequest) async throws -> HTTPResponse {
        do { try await write(request, to: upload) } catch {
            registry.rest(upload)
            throw error
        }
        _ = try await onThread { registry throws(RegistryError) in try registry.finish(upload, as: digest) }
        return Self.created(digest, upload.repository)
    }

    private func write(_ request: HTTPRequest, to upload: Upload) async throws {
        var gathered: [UInt8] = []
        while let piece = try await request.body.next() {
            gathered += piece.readableBytesView
            guard gathered.count >= Self.pieceSize else { continue }
            try await write(gathered, to: upload)
            gathered.removeAll(keepingCapacity: true)
        }
        if !gathered.isEmpty { try await write(gathered, to: upload) }
    }

    private func write(_ bytes: [UInt8], to upload: Upload) async throws(RegistryError) {
        try await threads.run { () throws(RegistryError) in try upload.write(bytes) }
    }

    // MARK: Answers

    private static func created(_ digest: Digest, _ name: RepositoryName) -> HTTPResponse {
        HTTPResponse(
            .created,
            ["location": "/v2/\(name)/blobs/\(digest)", HTTPHeaders.digest: digest.description])
    }

    private static func accepted(_ upload: Upload, _ status: HTTPResponseStatus) -> HTTPResponse {
        HTTPResponse(status, headers(of: upload))
    }

    private static func headers(of upload: Upload) -> HTTPHeaders {
        [
            "location": "/v2/\(upload.repository)/blobs/uploads/\(upload.id)",
            "range": "0-\(max(0, upload.size - 1))", "docker-upload-uuid": upload.id,
        ]
    }

    /// What is wrong with a chunk's place: "Pushing a blob in chunks".
    private static func refusal(of request: HTTPRequest, _ upload: Upload) -> HTTPResponse? {
        guard let text = request.headers.first(name: "content-range") else { return nil }
        let size = upload.size
        guard let range = chunkRange(text), range.lowerBound == size else {
            let message = "chunk \(text.prefix(64)) does not begin at byte \(size), where the upload stands"
            return HTTPResponse(RegistryError(.blobUploadInvalid, message, .outOfRange), headers(of: upload))
        }
        let length = request.headers.first(name: "content-length").flatMap { Int64($0) }
        guard length == nil || length == Int64(range.count) else {
            return HTTPResponse(
                RegistryError(.sizeInvalid, "chunk \(text.prefix(64)) and Content-Length \(length ?? 0) disagree"))
        }
        return nil
    }

    /// `FIRST-LAST`, both included; clients also write `bytes FIRST-LAST/TOTAL`, as RFC 9110 does.
    private static func chunkRange(_ text: String) -> Range<Int64>? {
        let plain = text.trimmingPrefix("bytes ").split(separator: "/").first ?? ""
        let sides = plain.split(separator: "-", omittingEmptySubsequences: false)
        guard sides.count == 2, sides.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let first = Int64(sides[0]), let last = Int64(sides[1]), first <= last, last < .max
        else { return nil }
        return first..<(last + 1)
    }
}
