import LineProtocol

/// Whoever waits for the answer to a request.
struct Requester: Hashable, Sendable {
    let connection: Connections.Number
    let id: RequestID
}
