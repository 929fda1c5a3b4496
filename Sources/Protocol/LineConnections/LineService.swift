public import LineProtocol
internal import LinuxKernel

/// Whatever answers the requests of a ``LineServer``. It is called from many tasks at once; a task is cancelled when
/// its request is, or when the connection is gone.
public protocol LineService: Sendable {
    func respond(to request: LineRequest) async throws(ProtocolFailure) -> LineAnswer
}

/// A request that arrived.
public struct LineRequest: Sendable {
    public let id: RequestID
    public let method: String
    public let message: Message
    /// What came with the line.
    public let descriptors: PassedDescriptors
    public let connection: LineConnection

    /// Sends one item of the stream that this request opened. Waits while the client does not read.
    public func send<Method: LineStream>(_: Method.Type, _ item: Method.Item) async throws(ProtocolFailure) {
        try await connection.sendItem(Envelope.item(Method.self, of: id, item))
    }
}

/// The `result` of a request, encoded already, and what goes with it.
public struct LineAnswer: Sendable {
    let encode: @Sendable (RequestID) -> [UInt8]
    let descriptors: PassedDescriptors

    public init(_ result: some Encodable & Sendable, passing descriptors: PassedDescriptors = PassedDescriptors()) {
        encode = { Envelope.response($0, result) }
        self.descriptors = descriptors
    }
}

/// What one server allows its clients.
public struct LineLimits: Sendable {
    /// Connections at once; one more is told so and closed.
    public var connections = 256
    /// Unanswered requests of one connection; further ones are not read until one is answered.
    public var requests = 256
    /// Unsent bytes from which on nothing more is read from a connection, and its streams wait.
    public var unsent = 256 << 10

    public init() {}
}
