internal import ContentStore
internal import HTTPTransfers
internal import ImageSpec

/// A repository of a registry: distribution-spec 1.1.
public struct RemoteRepository: Sendable {
    let session: RegistrySession
    /// `library/busybox`.
    let path: String
    /// Who is asked by pulls.
    let sources: PullSources

    public init(_ session: RegistrySession, path: String) {
        self.session = session
        self.path = path
        sources = PullSources(session)
    }

    var name: String { "\(session.domain)/\(path)" }
    private var pullScope: [String] { ["repository:\(path):pull"] }

    private static let manifestTypes = [MediaType.ociIndex, .dockerList, .ociManifest, .dockerManifest]
        .map(\.rawValue).joined(separator: ", ")

    // MARK: Manifests

    /// What the registry has under a tag, as far as it says so without sending it; nil where it does not.
    func digest(of tag: String) async throws(RegistryClientError) -> Digest? {
        let question = manifestQuestion(tag, .head)
        do throws(RegistryClientError) {
            return try await sources.first { source throws(RegistryClientError) in
                let (head, _) = try await source.document(question, limit: maximumDocumentSize)
                return head["docker-content-digest"].flatMap { try? Digest($0) }
            }
        } catch {
            // Some registries answer this question badly, and the next one well.
            guard case .refused(_, 400...405, _, _) = error else { throw error }
            return nil
        }
    }

    /// A manifest or an index by its tag or digest, verified.
    func manifest(_ tagOrDigest: String) async throws(RegistryClientError) -> RemoteManifest {
        let question = manifestQuestion(tagOrDigest, .get)
        return try await sources.first { source throws(RegistryClientError) in
            let (head, bytes) = try await source.document(question, limit: maximumDocumentSize)
            return try RemoteManifest(bytes, askedFor: tagOrDigest, head, subject: question.subject)
        }
    }

    private func manifestQuestion(_ tagOrDigest: String, _ method: TransferRequest.Method) -> RegistryQuestion {
        RegistryQuestion(
            method: method, path: "/v2/\(path)/manifests/\(tagOrDigest)",
            fields: [HeaderField("Accept", Self.manifestTypes)],
            subject: "\(name)\(tagOrDigest.contains(":") ? "@" : ":")\(tagOrDigest)", scopes: pullScope)
    }

    // MARK: Blobs

    /// Gives a blob of `source` to `sink`, from byte `offset` on.
    func blob(_ digest: Digest, of source: RegistrySession, from offset: Int64, into sink: any TransferSink)
        async throws(RegistryClientError)
    {
        let fields = offset > 0 ? [HeaderField("Range", "bytes=\(offset)-")] : []
        _ = try await source.ask(
            RegistryQuestion(
                path: "/v2/\(path)/blobs/\(digest)", fields: fields, subject: "\(name)@\(digest)", scopes: pullScope),
            into: sink)
    }
}

/// A manifest, or an index, that a registry sent.
struct RemoteManifest: Sendable {
    let descriptor: ContentDescriptor
    let bytes: [UInt8]
    let document: ManifestDocument

    /// Holds what came against what was asked for, and against what the registry says that it is (digest-lie).
    init(_ bytes: [UInt8], askedFor tagOrDigest: String, _ head: TransferHead, subject: String)
        throws(RegistryClientError)
    {
        let asked = try? Digest(tagOrDigest)
        let said = head["docker-content-digest"].flatMap { try? Digest($0) }
        for digest in [asked, said].compactMap({ $0 }) {
            let actual = try storing { () throws(ContentStoreError) in try Digest.of(bytes, digest.algorithm) }
            guard actual == digest else {
                throw .untrustworthy(subject: subject, reason: "the registry sent a manifest with digest \(actual)")
            }
        }
        let computed = try storing { () throws(ContentStoreError) in try Digest.of(bytes) }
        let digest = asked ?? said ?? computed
        try self.init(bytes, digest, declared: Self.type(head), subject: subject)
    }

    init(_ bytes: [UInt8], _ digest: Digest, declared: MediaType?, subject: String) throws(RegistryClientError) {
        document = try parsing { () throws(ImageSpecError) in
            try ManifestDocument(parsing: bytes, declared: declared, subject: subject)
        }
        let type = declared ?? document.mediaType
        descriptor = ContentDescriptor(mediaType: type, digest: digest, size: Int64(bytes.count))
        self.bytes = bytes
    }

    /// Nil for a type that says nothing, such as `text/plain`.
    private static func type(_ head: TransferHead) -> MediaType? {
        let text = head["content-type"]?.prefix { $0 != ";" && $0 != " " }
        let type = text.map { MediaType(rawValue: String($0)) }
        return type.flatMap { [.index, .manifest].contains($0.kind) ? $0 : nil }
    }
}

extension ManifestDocument {
    /// As it calls itself, or as its shape has it.
    var mediaType: MediaType {
        switch self {
        case .manifest(let manifest): manifest.mediaType ?? .ociManifest
        case .index(let index): index.mediaType ?? .ociIndex
        }
    }
}
