internal import ImageSpec

/// What the access log tells of one request.
struct AccessEntry: Encodable {
    let client: String
    let method: String
    let path: String
    let status: UInt
    let agent: String?
    /// Until the answer's head was ready; a blob's bytes may take longer.
    let milliseconds: Double

    var line: String {
        // Our own value, which encodes.
        String(decoding: (try? encodeDocument(self, subject: "access log")) ?? [], as: UTF8.self)
    }
}
