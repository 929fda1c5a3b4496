internal import HTTPTransfers
internal import ImageSpec

// distribution-spec 1.1, "Push".

/// Where a registry takes the bytes of a blob.
struct UploadPlace: Sendable {
    /// What was asked when it was given.
    let path: String
    let location: String

    /// The same with the digest that ends the upload.
    func closing(with digest: Digest) -> String {
        location + (location.contains("?") ? "&" : "?") + "digest=" + percentEncoded("\(digest)")
    }
}

extension RemoteRepository {
    enum UploadStart: Sendable {
        /// The registry has it in another repository, and now here.
        case mounted
        case open(UploadPlace)
    }

    /// Whoever pushes asks what is there already, too: one proof for both.
    private var pushScope: [String] { ["repository:\(path):pull,push"] }

    /// Whether the registry has a blob in this repository.
    func has(_ digest: Digest) async throws(RegistryClientError) -> Bool {
        do throws(RegistryClientError) {
            _ = try await answer(
                RegistryQuestion(
                    method: .head, path: "/v2/\(path)/blobs/\(digest)", subject: "\(name)@\(digest)", scopes: pushScope)
            )
            return true
        } catch {
            guard case .notFound = error else { throw error }
            return false
        }
    }

    /// Begins to send a blob. A registry that has it in its repository `source` may take it from there; one that does
    /// not allow that is asked for a place.
    func beginUpload(of digest: Digest, mounting source: String?) async throws(RegistryClientError) -> UploadStart {
        guard let source else { return try await beginUpload(of: digest, "", scopes: pushScope) }
        let query = "?mount=\(percentEncoded("\(digest)"))&from=\(percentEncoded(source))"
        do throws(RegistryClientError) {
            return try await beginUpload(of: digest, query, scopes: pushScope + ["repository:\(source):pull"])
        } catch {
            guard case .unauthorized = error else { throw error }
            return try await beginUpload(of: digest, "", scopes: pushScope)
        }
    }

    private func beginUpload(of digest: Digest, _ query: String, scopes: [String])
        async throws(RegistryClientError) -> UploadStart
    {
        let path = "/v2/\(path)/blobs/uploads/\(query)"
        let head = try await answer(
            RegistryQuestion(method: .post, path: path, subject: "\(name)@\(digest)", scopes: scopes))
        if head.status == 201, !query.isEmpty { return .mounted }
        guard let location = head["location"] else {
            throw .untrustworthy(subject: "\(name)@\(digest)", reason: "the registry names no place to send it to")
        }
        return .open(UploadPlace(path: path, location: location))
    }

    /// Sends a whole blob, and tells `sent` of the bytes that are gone.
    func upload(
        _ file: TransferFile, as content: ContentDescriptor, to place: UploadPlace,
        sent: @escaping @Sendable (Int64) -> Void
    ) async throws(RegistryClientError) {
        let type = HeaderField("Content-Type", "application/octet-stream")
        _ = try await answer(
            RegistryQuestion(
                method: .put, path: place.path, location: place.closing(with: content.digest), fields: [type],
                body: .file(file, size: content.size), sent: sent, subject: "\(name)@\(content.digest)",
                scopes: pushScope))
    }

    /// Gives the repository a manifest under a tag.
    func put(_ manifest: [UInt8], _ descriptor: ContentDescriptor, as tag: String) async throws(RegistryClientError) {
        let subject = "\(name):\(tag)"
        let type = HeaderField("Content-Type", descriptor.mediaType.rawValue)
        let head = try await answer(
            RegistryQuestion(
                method: .put, path: "/v2/\(path)/manifests/\(tag)", fields: [type], body: .bytes(manifest),
                subject: subject, scopes: pushScope))
        if let digest = head["docker-content-digest"], digest != "\(descriptor.digest)" {
            throw .untrustworthy(
                subject: subject, reason: "the registry took \(descriptor.digest) for \(digest)")
        }
    }

    private func answer(_ question: RegistryQuestion) async throws(RegistryClientError) -> TransferHead {
        try await session.ask(question, into: DocumentSink(limit: maximumDocumentSize))
    }
}
