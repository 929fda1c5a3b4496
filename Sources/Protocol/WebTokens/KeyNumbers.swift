internal import CCrypto

/// The numbers that a public key is made of, as a JSON Web Key has them.
enum KeyNumbers: Hashable, Sendable {
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// A point of the curve P-256.
    case p256(x: [UInt8], y: [UInt8])

    /// The key itself. Refuses numbers that make none: a point beside its curve, for instance.
    func publicKey() throws(WebTokenError) -> PublicKey {
        defer { ERR_clear_error() }
        let key: OpaquePointer?
        switch self {
        case .rsa(let modulus, let exponent): unsafe key = Self.rsa(modulus, exponent)
        case .p256(let x, let y): unsafe key = x.count == 32 && y.count == 32 ? Self.p256(x, y) : nil
        }
        guard let key = unsafe key else { throw WebTokenError(reason: "it has a key whose numbers make none") }
        return try unsafe PublicKey(taking: key)
    }

    // A builder keeps the pointers that it is given until it has built: hence what is nested here.

    private static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> OpaquePointer? {
        let n = unsafe BN_bin2bn(modulus, Int32(clamping: modulus.count), nil)
        let e = unsafe BN_bin2bn(exponent, Int32(clamping: exponent.count), nil)
        defer {
            unsafe BN_free(n)
            unsafe BN_free(e)
        }
        return unsafe "n".withCString { nName in
            unsafe "e".withCString { eName in
                unsafe key("RSA") { builder in
                    unsafe OSSL_PARAM_BLD_push_BN(builder, nName, n) == 1
                        && OSSL_PARAM_BLD_push_BN(builder, eName, e) == 1
                }
            }
        }
    }

    private static func p256(_ x: [UInt8], _ y: [UInt8]) -> OpaquePointer? {
        // SEC 1, 2.3.3: 4 is a point of which both coordinates follow.
        let point = [4] + x + y
        return unsafe "group".withCString { groupName in
            unsafe "prime256v1".withCString { group in
                unsafe "pub".withCString { pointName in
                    unsafe point.withUnsafeBytes { point in
                        unsafe key("EC") { builder in
                            unsafe OSSL_PARAM_BLD_push_utf8_string(builder, groupName, group, 0) == 1
                                && OSSL_PARAM_BLD_push_octet_string(
                                    builder, pointName, point.baseAddress, point.count) == 1
                        }
                    }
                }
            }
        }
    }

    /// EVP_PKEY_fromdata(3), EVP_PKEY_PUBLIC_KEY: a macro that Swift does not see.
    private static let publicHalf = OSSL_KEYMGMT_SELECT_ALL_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY

    private static func key(_ type: String, fill: (OpaquePointer) -> Bool) -> OpaquePointer? {
        guard let builder = unsafe OSSL_PARAM_BLD_new() else { return nil }
        defer { unsafe OSSL_PARAM_BLD_free(builder) }
        guard unsafe fill(builder), let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else { return nil }
        defer { unsafe OSSL_PARAM_free(parameters) }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_fromdata_init(context) == 1,
            unsafe EVP_PKEY_fromdata(context, &key, publicHalf, parameters) == 1
        else { return nil }
        return unsafe key
    }
}
