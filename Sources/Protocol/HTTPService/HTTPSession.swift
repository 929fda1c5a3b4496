internal import LinuxKernel
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One connection: requests and their answers, in turn.
struct HTTPSession {
    let service: any HTTPService
    let limits: HTTPLimits
    let client: String
    let isSecure: Bool
    let channel: any Channel
    let table: ConnectionTable
    let place: ConnectionTable.Place

    func run(_ first: HTTPRequestBody.Parts) async throws {
        var parts = first
        while case .head(let head)? = try await parts.next(isolation: #isolation) {
            table.setIdle(place, false)
            let body = HTTPRequestBody(parts, inviting: invitation(head))
            let response = await service.respond(
                to: HTTPRequest(head, body: body, client: client, isSecure: isSecure))
            let rest = try await body.drain(limit: limits.drainedBytes)
            let isLast = rest == nil || !head.isKeepAlive || table.isStopping
            try await send(response, to: head, isLast: isLast)
            guard let rest, !isLast, !table.setIdle(place, true) else { return }
            parts = rest
        }
    }

    /// A client that asks whether it may send its body is told so when the service wants the body.
    private func invitation(_ head: HTTPRequestHead) -> (() async throws -> Void)? {
        guard head.headers.first(name: "expect")?.lowercased() == "100-continue" else { return nil }
        let channel = channel
        return {
            let part = HTTPServerResponsePart.head(HTTPResponseHead(version: head.version, status: .continue))
            try await channel.writeAndFlush(part).get()
        }
    }

    /// Returns when the kernel has taken the whole answer: a client that does not read holds nothing but itself up.
    private func send(_ response: HTTPResponse, to request: HTTPRequestHead, isLast: Bool) async throws {
        let head = head(of: response, to: request, isLast: isLast)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if request.method != .HEAD { try await send(response.body) }
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
    }

    private func send(_ body: HTTPResponse.Body) async throws {
        switch body {
        case .none: break
        case .bytes(let bytes):
            channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
        case .file(let file, let offset, let count):
            // The file is not the handle's to close.
            let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor.number)
            defer { _ = try? handle.takeDescriptorOwnership() }
            guard !isSecure else { return try await sendPieces(of: handle, offset..<(offset + count)) }
            // sendfile(2): the bytes never pass through this program.
            let region = FileRegion(fileHandle: handle, readerIndex: Int(offset), endIndex: Int(offset + count))
            try await channel.writeAndFlush(HTTPServerResponsePart.body(.fileRegion(region))).get()
        }
    }

    /// How much of a file is read at once, in bytes.
    private static let pieceSize: Int64 = 256 * 1024

    /// TLS has to see the bytes: each piece is read when the one before it has gone.
    private func sendPieces(of file: NIOFileHandle, _ range: Range<Int64>) async throws {
        let files = NonBlockingFileIO(threadPool: .singleton)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let piece = try await files.read(
                fileHandle: file, fromOffset: offset, byteCount: Int(min(range.upperBound - offset, Self.pieceSize)),
                allocator: channel.allocator)
            guard piece.readableBytes > 0 else { throw HTTPServiceError.fileIsShorter }
            try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(piece))).get()
            offset += Int64(piece.readableBytes)
        }
    }

    private func head(of response: HTTPResponse, to request: HTTPRequestHead, isLast: Bool) -> HTTPResponseHead {
        var head = HTTPResponseHead(version: request.version, status: response.status, headers: response.headers)
        switch response.body {
        case .bytes(let bytes): head.headers.replaceOrAdd(name: "content-length", value: "\(bytes.count)")
        case .file(_, _, let count): head.headers.replaceOrAdd(name: "content-length", value: "\(count)")
        case .none where response.status.mayHaveLength && !head.headers.contains(name: "content-length"):
            head.headers.add(name: "content-length", value: "0")
        case .none: break
        }
        if isLast {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if request.version.minor == 0 {
            head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        return head
    }
}

extension HTTPResponseStatus {
    /// RFC 9110, 8.6: a `Content-Length` of 0 has no place in these.
    fileprivate var mayHaveLength: Bool { code >= 200 && code != 204 && code != 304 }
}
