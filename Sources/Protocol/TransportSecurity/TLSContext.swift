internal import CSSL

/// Where a server's certificate is, and whose clients it takes.
public struct TLSFiles: Hashable, Sendable {
    /// PEM: the server's certificate, and then those that lead to its authority.
    public var certificate: String
    public var key: String
    /// PEM: authorities of which clients must have a certificate; nil takes every client.
    public var clientAuthorities: String?

    public init(certificate: String, key: String, clientAuthorities: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }
}

/// What all connections of a server have in common: its certificate and key, and its rules. TLS 1.2 is the least.
///
/// `@unchecked Sendable`: it is not changed once it is made, and libssl counts its references atomically.
@safe final class TLSContext: @unchecked Sendable {
    private let context: OpaquePointer

    init(_ files: TLSFiles) throws(TLSError) {
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else { throw TLSError("libssl") }
        unsafe self.context = unsafe context
        guard unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1 else {
            throw TLSError("libssl has no TLS 1.2")
        }
        // A key with a password is refused; libssl would ask for it on the terminal.
        unsafe SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in 0 }
        try loadIdentity(files)
        if let authorities = files.clientAuthorities { try demandCertificates(of: authorities) }
    }

    deinit { unsafe SSL_CTX_free(context) }

    private func loadIdentity(_ files: TLSFiles) throws(TLSError) {
        guard unsafe SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1 else {
            throw TLSError("certificate \(files.certificate)")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1 else {
            throw TLSError("key \(files.key)")
        }
        guard unsafe SSL_CTX_check_private_key(context) == 1 else {
            throw TLSError("key \(files.key) is not that of certificate \(files.certificate)")
        }
    }

    private func demandCertificates(of path: String) throws(TLSError) {
        guard unsafe SSL_CTX_load_verify_file(context, path) == 1, let names = unsafe SSL_load_client_CA_file(path)
        else { throw TLSError("authorities \(path)") }
        unsafe SSL_CTX_set_client_CA_list(context, names)
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        // SSL_CTX_set_session_id_context(3): without it, sessions of verified clients cannot be resumed.
        let name = Array("wherry".utf8)
        unsafe SSL_CTX_set_session_id_context(context, name, UInt32(name.count))
    }

    func makeSession() throws(TLSError) -> TLSSession {
        guard let session = unsafe SSL_new(context) else { throw TLSError("libssl") }
        return try unsafe TLSSession(taking: session)
    }
}
