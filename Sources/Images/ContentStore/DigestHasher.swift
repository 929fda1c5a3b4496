internal import CCrypto
public import ImageSpec
internal import LinuxKernel

/// Computes a digest from bytes as they come, with libcrypto (which knows the processor's SHA instructions).
///
/// `@unchecked Sendable`: the context has one owner at a time, and libcrypto ties it to no thread.
@safe public struct DigestHasher: ~Copyable, @unchecked Sendable {
    public let algorithm: Digest.Algorithm
    private let context: OpaquePointer

    public init(_ algorithm: Digest.Algorithm = .sha256) throws(ContentStoreError) {
        unsafe context = try unsafe Self.makeContext(algorithm)
        self.algorithm = algorithm
    }

    private static func makeContext(_ algorithm: Digest.Algorithm) throws(ContentStoreError) -> OpaquePointer {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .hashing(algorithm) }
        let implementation = unsafe algorithm == .sha256 ? EVP_sha256() : EVP_sha512()
        guard unsafe EVP_DigestInit_ex(context, implementation, nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw .hashing(algorithm)
        }
        return unsafe context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    public mutating func update(_ bytes: Span<UInt8>) {
        // Cannot fail for these algorithms once started: EVP_DigestUpdate(3).
        unsafe bytes.withUnsafeBytes { _ = unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    public mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    /// Takes all that `file` gives to its end; returns how many bytes that was.
    mutating func update(readingAll file: Descriptor) throws(ContentStoreError) -> Int64 {
        var buffer = [UInt8](repeating: 0, count: Ingest.bufferSize)
        var total: Int64 = 0
        while true {
            let count = try storing { () throws(SystemError) in try file.read(over: &buffer) }
            if count == 0 { return total }
            update(buffer.span.extracting(0..<count))
            total += Int64(count)
        }
    }

    /// The digest of all that came; the last call there may be.
    public mutating func finish() throws(ContentStoreError) -> Digest {
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard unsafe EVP_DigestFinal_ex(context, &bytes, &count) == 1,
            let digest = Digest(algorithm, bytes: bytes.prefix(Int(count)))
        else { throw .hashing(algorithm) }
        return digest
    }
}

extension Digest {
    /// The digest of `bytes`.
    public static func of(_ bytes: [UInt8], _ algorithm: Algorithm = .sha256) throws(ContentStoreError) -> Digest {
        var hasher = try DigestHasher(algorithm)
        hasher.update(bytes)
        return try hasher.finish()
    }
}

extension ChainID {
    /// The chain ID of layers with these diff IDs, the lowest first; nil when there are none.
    /// image-spec 1.1, config.md, "Layer ChainID".
    public static func of(_ diffIDs: some Collection<Digest>) throws(ContentStoreError) -> ChainID? {
        try all(of: diffIDs).last
    }

    /// The chain ID of every stack from the lowest layer alone to all of them.
    public static func all(of diffIDs: some Collection<Digest>) throws(ContentStoreError) -> [ChainID] {
        var chain: [ChainID] = []
        for diffID in diffIDs {
            guard let parent = chain.last else {
                chain.append(ChainID(digest: diffID))
                continue
            }
            chain.append(ChainID(digest: try Digest.of(Array(text(parent: parent, diffID: diffID).utf8))))
        }
        return chain
    }
}
