public import HTTPService
internal import NIOHTTP1

/// Tells of every request and its answer, one JSON object a line.
public struct AccessLog<Inner: HTTPService>: HTTPService {
    private let inner: Inner
    private let write: @Sendable (String) -> Void

    public init(_ inner: Inner, to write: @escaping @Sendable (String) -> Void) {
        self.inner = inner
        self.write = write
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        let start = ContinuousClock.now
        let response = await inner.respond(to: request)
        let time = (ContinuousClock.now - start).components
        let entry = AccessEntry(
            client: request.client, method: request.method.rawValue, path: request.path,
            status: response.status.code, agent: request.headers.first(name: "user-agent"),
            milliseconds: Double(time.seconds) * 1000 + Double(time.attoseconds / 1_000_000_000_000) / 1000)
        write(entry.line)
        return response
    }
}
