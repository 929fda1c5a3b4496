import CCrypto
import FoundationEssentials

/// Makes keys and signs JSON Web Tokens with them, as a token server does: honest ones and others.
///
/// `@unchecked Sendable`: the key is made once, and only used from then on.
public final class TokenSigner: @unchecked Sendable {
    public enum Kind: String, Sendable { case rsa = "RS256", p256 = "ES256" }

    public let kind: Kind
    private let key: OpaquePointer

    public init(_ kind: Kind) throws {
        let context = EVP_PKEY_CTX_new_from_name(nil, kind == .rsa ? "RSA" : "EC", nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            kind == .rsa
                ? EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1
                : EVP_PKEY_CTX_set_group_name(context, "prime256v1") == 1,
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw HarnessError("libcrypto makes no key") }
        self.kind = kind
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// A token that this key signed. `algorithm` is what its header says.
    public func token(_ claims: String, algorithm: String? = nil, moreHeader: String = "") throws -> String {
        let header = #"{"alg":"\#(algorithm ?? kind.rawValue)","typ":"JWT"\#(moreHeader)}"#
        let message = "\(Self.encode(Array(header.utf8))).\(Self.encode(Array(claims.utf8)))"
        return "\(message).\(Self.encode(try signature(of: Array(message.utf8))))"
    }

    /// A token "signed" with HS256 and `secret`.
    public static func tokenWithSecret(_ secret: String, _ claims: String) -> String {
        let message = "\(encode(Array(#"{"alg":"HS256"}"#.utf8))).\(encode(Array(claims.utf8)))"
        let (key, bytes) = (Array(secret.utf8), Array(message.utf8))
        var code = [UInt8](repeating: 0, count: 32)
        HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &code, nil)
        return "\(message).\(encode(code))"
    }

    /// A token that nobody signed.
    public static func unsignedToken(_ claims: String, algorithm: String = "none") -> String {
        "\(encode(Array(#"{"alg":"\#(algorithm)"}"#.utf8))).\(encode(Array(claims.utf8)))."
    }

    private func signature(of message: [UInt8]) throws -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 512)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { throw HarnessError("libcrypto does not sign") }
        return kind == .rsa ? Array(signature.prefix(count)) : Self.numbers(of: signature, count)
    }

    /// RFC 7518, section 3.4.
    private static func numbers(of sequence: [UInt8], _ count: Int) -> [UInt8] {
        sequence.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            let pair = d2i_ECDSA_SIG(nil, &start, count)
            defer { ECDSA_SIG_free(pair) }
            var numbers = [UInt8](repeating: 0, count: 64)
            numbers.withUnsafeMutableBufferPointer {
                _ = BN_bn2binpad(ECDSA_SIG_get0_r(pair), $0.baseAddress, 32)
                _ = BN_bn2binpad(ECDSA_SIG_get0_s(pair), $0.baseAddress?.advanced(by: 32), 32)
            }
            return numbers
        }
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

// MARK: The key for others

extension TokenSigner {
    public var publicPEM: String { Self.text { PEM_write_bio_PUBKEY($0, key) } }

    /// A certificate of the key that it signed itself.
    public var certificatePEM: String {
        let certificate = X509_new()
        defer { X509_free(certificate) }
        X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600)
        X509_set_pubkey(certificate, key)
        X509_sign(certificate, key, EVP_sha256())
        return Self.text { PEM_write_bio_X509($0, certificate) }
    }

    /// An RSA key as a JSON Web Key.
    public func webKey(named name: String) -> String {
        #"{"kty":"RSA","kid":"\#(name)","n":"\#(number("n"))","e":"\#(number("e"))"}"#
    }

    private func number(_ parameter: String) -> String {
        var number: OpaquePointer?
        EVP_PKEY_get_bn_param(key, parameter, &number)
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = BN_bn2bin(number, &bytes)
        return Self.encode(Array(bytes.prefix(Int(count))))
    }

    private static func text(_ write: (OpaquePointer?) -> Int32) -> String {
        let file = BIO_new(BIO_s_mem())
        defer { BIO_free(file) }
        _ = write(file)
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = BIO_read(file, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }
}
