internal import CCrypto

/// Public keys from a file in PEM: RFC 7468. A certificate counts for its key alone: whose it is, and until when, is up to
/// whoever put it into the file.
enum PEMKeys {
    static func read(_ bytes: [UInt8]) throws(WebTokenError) -> [PublicKey] {
        guard let file = unsafe BIO_new(BIO_s_mem()) else { throw WebTokenError(reason: "out of memory") }
        defer {
            unsafe BIO_free(file)
            ERR_clear_error()
        }
        // A file is 1 MiB at most.
        _ = unsafe BIO_write(file, bytes, Int32(clamping: bytes.count))
        var keys: [PublicKey] = []
        while let (name, content) = unsafe next(in: file) {
            guard ["CERTIFICATE", "PUBLIC KEY"].contains(name) else { continue }
            guard let key = unsafe name == "PUBLIC KEY" ? publicKey(content) : certificateKey(content) else {
                throw WebTokenError(reason: "its block \(keys.count + 1) of keys, a \(name), cannot be read")
            }
            keys.append(try unsafe PublicKey(taking: key))
        }
        guard ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE else {
            throw WebTokenError(reason: "it has a block of PEM that cannot be read")
        }
        return keys
    }

    /// The next block's name and content; nil at the end, and where none can be read.
    private static func next(in file: OpaquePointer) -> (name: String, content: [UInt8])? {
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var data: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard unsafe PEM_read_bio(file, &name, &header, &data, &count) == 1 else { return nil }
        defer {
            unsafe CRYPTO_free(name, nil, 0)
            unsafe CRYPTO_free(header, nil, 0)
            unsafe CRYPTO_free(data, nil, 0)
        }
        guard let text = unsafe name else { return nil }
        return unsafe (String(cString: text), Array(UnsafeBufferPointer(start: data, count: count)))
    }

    private static func publicKey(_ content: [UInt8]) -> OpaquePointer? {
        unsafe content.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, bytes.count)
        }
    }

    private static func certificateKey(_ content: [UInt8]) -> OpaquePointer? {
        unsafe content.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            guard let certificate = unsafe d2i_X509(nil, &start, bytes.count) else { return nil }
            defer { unsafe X509_free(certificate) }
            return unsafe X509_get_pubkey(certificate)
        }
    }
}
