public import NIOCore
internal import NIOHTTP1

/// A request's body, read as it comes: what is not read yet is not taken from the socket.
public final class HTTPRequestBody {
    typealias Parts = NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator

    private var parts: Parts
    private var isAtEnd = false
    /// What the client waits for before it sends the body (RFC 9110, 10.1.1); called once, before the first read.
    private var invite: (() async throws -> Void)?

    init(_ parts: Parts, inviting invite: (() async throws -> Void)?) {
        self.parts = parts
        self.invite = invite
    }

    /// The next piece; nil at the end. Throws when the client is gone.
    public func next() async throws -> ByteBuffer? {
        guard !isAtEnd else { return nil }
        if let invite {
            self.invite = nil
            try await invite()
        }
        switch try await parts.next(isolation: #isolation) {
        case .body(let piece): return piece
        case .end:
            isAtEnd = true
            return nil
        case .head, nil: throw HTTPServiceError.clientGone
        }
    }

    /// The whole body; nil when it has more than `limit` bytes.
    public func whole(limit: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.readableBytes <= limit else { return nil }
            bytes += piece.readableBytesView
        }
        return bytes
    }

    /// Reads on to the end, so that the connection can be used again, but no more than `limit` bytes, and nothing from
    /// a client that has not been invited to send. Answers whether the end was reached, and gives the parts back.
    func drain(limit: Int) async throws -> Parts? {
        var count = 0
        guard invite == nil || isAtEnd else { return nil }
        while let piece = try await next() {
            count += piece.readableBytes
            if count > limit { return nil }
        }
        return parts
    }
}
