internal import HTTPService
internal import ImageSpec
internal import NIOHTTP1

/// What the access log tells of one request.
struct AccessEntry: Encodable {
    let client: String
    let method: String
    let path: String
    let status: UInt
    let agent: String?
    /// Until the answer's head was ready; a blob's bytes may take longer.
    let seconds: Double

    init(_ request: HTTPRequest, status: UInt, seconds: Double) {
        client = request.client
        method = request.method.rawValue
        path = request.path
        self.status = status
        agent = request.headers.first(name: "user-agent")
        self.seconds = seconds
    }

    var line: String {
        // Our own value, which encodes.
        String(decoding: (try? encodeDocument(self, subject: "access log")) ?? [], as: UTF8.self)
    }
}
