public import ContentStore
public import ImageSpec
internal import LinuxKernel

// An upload's life. Every request that takes one in hand ends with `rest`, `finish` or `cancel`.
//
//     begin ─▶ in hand ─ rest ─▶ resting ─ take ─▶ in hand ─ finish ─▶ a blob of the repository
//                 │                 │                  └──── cancel ─▶ nothing
//                 └── server ends ──┴─▶ on disk ─ take ─▶ in hand

extension Registry {
    /// Begins an upload, which the caller has in hand.
    public func beginUpload(to name: RepositoryName, _ algorithm: Digest.Algorithm = .sha256) throws(RegistryError)
        -> Upload
    {
        let id = UniqueID.make()
        let root = root.descriptor
        try onDisk { () throws(SystemError) in
            try root.makeDirectories(RegistryLayout.uploads(name), mode: RegistryLayout.directoryMode)
        }
        let upload = try asRegistry { () throws(ContentStoreError) in
            Upload(id, name, try contents.begin(at: RegistryLayout.upload(id, name), algorithm))
        }
        _ = uploads.addInHand(upload)
        return upload
    }

    /// Takes an upload in hand.
    public func takeUpload(_ id: String, of name: RepositoryName) throws(RegistryError) -> Upload {
        guard UniqueID.isOne(id) else { throw Upload.unknown(id) }
        switch uploads.claim(id) {
        case .taken(let upload):
            guard upload.repository == name else {
                rest(upload)
                throw Upload.unknown(id)
            }
            return upload
        case .busy: throw Self.busy(id)
        case .unknown: return try reopen(id, of: name)
        }
    }

    private static func busy(_ id: String) -> RegistryError {
        RegistryError(.blobUploadInvalid, "another request writes to upload \(id): wait for its end", .outOfRange)
    }

    private func reopen(_ id: String, of name: RepositoryName) throws(RegistryError) -> Upload {
        let place = RegistryLayout.upload(id, name)
        let isThere = try onDisk { () throws(SystemError) in try root.descriptor.exists(place) }
        guard isThere else { throw Upload.unknown(id) }
        let upload = try asRegistry { () throws(ContentStoreError) in Upload(id, name, try contents.resume(place)) }
        guard uploads.addInHand(upload) else {
            try upload.surrender().suspend()
            throw Self.busy(id)
        }
        return upload
    }

    /// Lets go of an upload: the next request goes on with it.
    public func rest(_ upload: Upload) {
        // A surrendered one is closed already.
        if let other = uploads.rest(upload), let ingest = try? other.surrender() { ingest.suspend() }
    }

    /// Makes an upload a blob of its repository. A content that is not what `digest` says is thrown away.
    public func finish(_ upload: Upload, as digest: Digest) throws(RegistryError) -> StoredContent {
        try upload.use(digest.algorithm)
        let lease = contents.lease()
        lease.hold(digest)
        let ingest = try upload.surrender()
        uploads.remove(upload)
        let content: StoredContent
        do { content = try ingest.commit(expecting: digest) } catch { throw RegistryError(error) }
        try making(upload.repository).link(content.digest)
        return content
    }

    public func cancel(_ upload: Upload) throws(RegistryError) {
        uploads.remove(upload)
        try upload.surrender().cancel()
    }

    /// Closes the uploads that rest: the server ends, and the next one goes on with them.
    public func suspendUploads() {
        for upload in uploads.removeResting() {
            if let ingest = try? upload.surrender() { ingest.suspend() }
        }
    }
}

/// Random identifiers of uploads: RFC 9562, "UUID Version 4".
enum UniqueID {
    static func make() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }

    static func isOne(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.enumerated().allSatisfy { position, byte in
                [8, 13, 18, 23].contains(position)
                    ? byte == UInt8(ascii: "-")
                    : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
    }
}
