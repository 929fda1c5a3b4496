public import LinuxKernel
public import NIOHTTP1

/// An answer to a request.
public struct HTTPResponse: Sendable {
    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// `count` bytes of an open file from `offset` on: sent by sendfile(2) where nothing has to see them.
        case file(SharedDescriptor, offset: Int64, count: Int64)
    }

    public var status: HTTPResponseStatus
    public var headers: HTTPHeaders
    public var body: Body

    public init(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What answers requests.
public protocol HTTPService: Sendable {
    /// Answers one request. What it does not read of the body is thrown away.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}

/// Why a connection ends.
enum HTTPServiceError: Error, Hashable, Sendable {
    case clientGone
    /// A file ended before the bytes that were promised of it.
    case fileIsShorter
}
