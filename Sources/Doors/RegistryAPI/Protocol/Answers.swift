internal import FoundationEssentials
internal import HTTPService
internal import ImageSpec
internal import NIOHTTP1
internal import Registry

extension HTTPResponse {
    /// spec.md, "Error Codes".
    init(_ error: RegistryError, _ headers: HTTPHeaders = [:]) {
        let document = ErrorDocument(errors: [.init(code: error.code.rawValue, message: error.message)])
        self.init(error.status, headers, json: document)
    }

    init(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:], json document: some Encodable) {
        var headers = headers
        if !headers.contains(name: "content-type") { headers.add(name: "content-type", value: "application/json") }
        // Our own values, which encode.
        let bytes = (try? encodeDocument(document, subject: "answer")) ?? []
        self.init(status, headers, body: .bytes(bytes))
    }
}

private struct ErrorDocument: Encodable {
    struct Item: Encodable {
        let code: String
        let message: String
    }
    let errors: [Item]
}

extension RegistryError {
    var status: HTTPResponseStatus {
        switch condition {
        case .outOfRange: .rangeNotSatisfiable
        case .tooLarge: .payloadTooLarge
        case .ours: .internalServerError
        case .usual: usualStatus
        }
    }

    private var usualStatus: HTTPResponseStatus {
        switch code {
        case .blobUnknown, .blobUploadUnknown, .manifestUnknown, .nameUnknown: .notFound
        case .blobUploadInvalid, .digestInvalid, .manifestInvalid, .nameInvalid, .sizeInvalid, .manifestBlobUnknown:
            .badRequest
        case .unauthorized: .unauthorized
        case .denied: .forbidden
        case .unsupported: .methodNotAllowed
        case .tooManyRequests: .tooManyRequests
        case .unknown: .internalServerError
        }
    }
}

extension HTTPHeaders {
    static let digest = "docker-content-digest"

    /// Of a content that never changes.
    init(content digest: Digest, type: String) {
        self = [
            Self.digest: digest.description, "etag": "\"\(digest)\"", "content-type": type,
            "x-content-type-options": "nosniff",
        ]
    }

    /// RFC 8288: where the next page is.
    mutating func addNext(_ path: String, count: Int?, last: String, more: [(String, String)] = []) {
        var items = [("last", last)] + more
        if let count { items.insert(("n", "\(count)"), at: 0) }
        let query = items.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        add(name: "link", value: "<\(path)?\(query)>; rel=\"next\"")
    }
}
