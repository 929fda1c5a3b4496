public import HTTPService
internal import NIOHTTP1

/// Counts every request, and tells of it and its answer: one JSON object a line.
public struct AccessLog: HTTPService {
    private let inner: any HTTPService
    private let metrics: RegistryMetrics
    private let write: @Sendable (String) -> Void

    public init(_ inner: any HTTPService, metrics: RegistryMetrics, to write: @escaping @Sendable (String) -> Void) {
        self.inner = inner
        self.metrics = metrics
        self.write = write
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        metrics.begin()
        let start = ContinuousClock.now
        let response = await inner.respond(to: request)
        let time = (ContinuousClock.now - start).components
        let seconds = Double(time.seconds) + Double(time.attoseconds) / 1e18
        metrics.end(method: request.method, status: response.status.code, seconds: seconds)
        write(AccessEntry(request, status: response.status.code, seconds: seconds).line)
        return response
    }
}
