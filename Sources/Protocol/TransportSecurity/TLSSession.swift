internal import CSSL
internal import NIOCore

/// The server's end of one connection: bytes of the network in and out on one side, plain ones on the other. It knows
/// no socket: libssl reads from and writes to memory.
@safe final class TLSSession {
    private let session: OpaquePointer
    // Both are the session's to free.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// Takes `session` over.
    init(taking session: OpaquePointer) throws(TLSError) {
        guard let incoming = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(session)
            throw TLSError(reason: "out of memory")
        }
        unsafe SSL_set_bio(session, incoming, outgoing)
        unsafe SSL_set_accept_state(session)
        unsafe self.session = unsafe session
        unsafe self.incoming = unsafe incoming
        unsafe self.outgoing = unsafe outgoing
    }

    deinit { unsafe SSL_free(session) }

    /// Takes what came from the network.
    func receive(_ bytes: ByteBuffer) {
        unsafe bytes.withUnsafeReadableBytes { bytes in
            // Memory takes all of it.
            _ = unsafe BIO_write(incoming, bytes.baseAddress, Int32(clamping: bytes.count))
        }
    }

    /// What is to be sent over the network now; nil when nothing is.
    func takeOutgoing(_ allocator: ByteBufferAllocator) -> ByteBuffer? {
        let count = unsafe BIO_ctrl_pending(outgoing)
        guard count > 0 else { return nil }
        var bytes = allocator.buffer(capacity: count)
        unsafe bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            max(0, Int(unsafe BIO_read(outgoing, space.baseAddress, Int32(clamping: space.count))))
        }
        return bytes
    }

    /// Goes on with the handshake; answers whether it is done. RFC 8446, section 2.
    func shakeHands() throws(TLSError) -> Bool {
        ERR_clear_error()
        let outcome = unsafe SSL_do_handshake(session)
        if outcome == 1 { return true }
        guard unsafe SSL_get_error(session, outcome) == SSL_ERROR_WANT_READ else { throw TLSError("handshake") }
        return false
    }

    enum Reading { case bytes(ByteBuffer), nothingNow, ended }

    /// The next plain bytes that the client sent.
    func read(_ allocator: ByteBufferAllocator) throws(TLSError) -> Reading {
        ERR_clear_error()
        // RFC 8446, section 5.1: what one record holds at most.
        let size = 16384
        var bytes = allocator.buffer(capacity: size)
        var outcome: Int32 = 0
        unsafe bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { space in
            outcome = unsafe SSL_read(session, space.baseAddress, Int32(clamping: space.count))
            return max(0, Int(outcome))
        }
        if outcome > 0 { return .bytes(bytes) }
        switch unsafe SSL_get_error(session, outcome) {
        case SSL_ERROR_WANT_READ: return .nothingNow
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: throw TLSError("record")
        }
    }

    /// Encrypts plain bytes.
    func write(_ bytes: ByteBuffer) throws(TLSError) {
        ERR_clear_error()
        guard bytes.readableBytes > 0 else { return }
        let outcome = unsafe bytes.withUnsafeReadableBytes { bytes in
            unsafe SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count))
        }
        guard outcome == bytes.readableBytes else { throw TLSError("write") }
    }

    /// Tells the client that nothing follows: RFC 8446, section 6.1.
    func sayGoodbye() { _ = unsafe SSL_shutdown(session) }
}
