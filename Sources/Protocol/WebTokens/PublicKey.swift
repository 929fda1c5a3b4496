internal import CCrypto

/// A key that signatures are verified with. Each kind has one algorithm, and a token cannot choose another
/// (token-confusion): RS256 with RSA, ES256 with the curve P-256. RFC 7518, section 3.1.
///
/// `@unchecked Sendable`: a key is not changed once it is made, and libcrypto may use it from any thread.
@safe final class PublicKey: @unchecked Sendable {
    enum Kind: String, Sendable {
        case rsa = "RS256"
        case p256 = "ES256"
    }

    let kind: Kind
    private let key: OpaquePointer

    /// Takes `key` over. Refuses what is neither RSA of 2048 bits or more nor P-256.
    init(taking key: OpaquePointer) throws(WebTokenError) {
        guard let kind = unsafe Self.kind(of: key) else {
            unsafe EVP_PKEY_free(key)
            throw WebTokenError(
                reason: "it has a key that is neither RSA with 2048 bits or more nor of the curve P-256")
        }
        self.kind = kind
        unsafe self.key = unsafe key
    }

    deinit { unsafe EVP_PKEY_free(key) }

    private static func kind(of key: OpaquePointer) -> Kind? {
        switch unsafe EVP_PKEY_get_base_id(key) {
        case NID_rsaEncryption: return unsafe EVP_PKEY_get_bits(key) >= 2048 ? .rsa : nil
        case NID_X9_62_id_ecPublicKey:
            var name = [CChar](repeating: 0, count: 64)
            var length = 0
            guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
            return name.prefix(length).elementsEqual("prime256v1".utf8.map { CChar($0) }) ? .p256 : nil
        default: return nil
        }
    }

    /// Whether `signature` is this key's over `message`.
    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let signature = kind == .rsa ? signature : Self.sequence(of: signature),
            let context = unsafe EVP_MD_CTX_new()
        else { return false }
        defer {
            unsafe EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// ES256 has both numbers one behind the other (RFC 7518, section 3.4), libcrypto wants X9.62's sequence of them.
    private static func sequence(of signature: [UInt8]) -> [UInt8]? {
        guard signature.count == 64, let pair = unsafe ECDSA_SIG_new() else { return nil }
        defer { unsafe ECDSA_SIG_free(pair) }
        let r = unsafe BN_bin2bn(Array(signature[..<32]), 32, nil)
        let s = unsafe BN_bin2bn(Array(signature[32...]), 32, nil)
        guard unsafe ECDSA_SIG_set0(pair, r, s) == 1 else {
            unsafe BN_free(r)
            unsafe BN_free(s)
            return nil
        }
        var start: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_ECDSA_SIG(pair, &start)
        guard count > 0, let bytes = unsafe start else { return nil }
        defer { unsafe CRYPTO_free(bytes, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}
