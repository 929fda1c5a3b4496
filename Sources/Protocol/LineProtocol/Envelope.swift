internal import FoundationEssentials

/// The `id` that ties a response to its request (JSON-RPC 2.0, section 4).
public enum RequestID: Hashable, Sendable, Codable {
    case number(Int64)
    case text(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

/// A line, read as far as to know what it is. Parameters and results are decoded when their type is known.
public struct Message: Sendable {
    public enum Kind: Hashable, Sendable {
        case request(RequestID, method: String)
        case notification(method: String)
        case response(RequestID)
        case failure(RequestID?, ProtocolFailure)
    }

    public let kind: Kind
    public let line: Line

    /// Reads `line`; throws ``ProtocolFailure`` `parseError` or `invalidRequest` for what is no envelope.
    public init(_ line: Line) throws(ProtocolFailure) {
        let header: Header
        do { header = try JSONDecoder().decode(Header.self, from: Data(line.bytes)) } catch {
            throw ProtocolFailure(.parseError, "the line is no JSON-RPC envelope")
        }
        self.line = line
        switch (header.id, header.method, header.error) {
        case (let id?, let method?, nil): kind = .request(id, method: method)
        case (nil, let method?, nil): kind = .notification(method: method)
        case (let id, nil, let error?): kind = .failure(id, error)
        case (let id?, nil, nil): kind = .response(id)
        default: throw ProtocolFailure(.invalidRequest, "an envelope needs a method, a result or an error")
        }
    }

    private struct Header: Decodable {
        var id: RequestID?
        var method: String?
        var error: ProtocolFailure?
    }

    private struct ParametersOnly<Parameters: Decodable>: Decodable { var params: Parameters? }
    private struct ResultOnly<Value: Decodable>: Decodable { var result: Value }

    /// The `params` of a request or notification. Absent ones are read as `{}`.
    public func parameters<Parameters: Decodable>(_: Parameters.Type = Parameters.self) throws(ProtocolFailure)
        -> Parameters
    {
        do {
            let envelope = try JSONDecoder().decode(ParametersOnly<Parameters>.self, from: Data(line.bytes))
            return try envelope.params ?? JSONDecoder().decode(Parameters.self, from: Data("{}".utf8))
        } catch {
            throw ProtocolFailure(.invalidParameters, describeDecoding(error))
        }
    }

    /// The `result` of a response.
    public func result<Value: Decodable>(_: Value.Type = Value.self) throws(ProtocolFailure) -> Value {
        do { return try JSONDecoder().decode(ResultOnly<Value>.self, from: Data(line.bytes)).result } catch {
            throw ProtocolFailure(.invalidResponse, describeDecoding(error))
        }
    }
}

/// `path: what is wrong`, for a value that is no such type.
public func describeDecoding(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func at(_ context: DecodingError.Context, _ what: String) -> String {
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? what : "\(path): \(what)"
    }
    switch error {
    case .keyNotFound(let key, let context): return at(context, "\(key.stringValue) is missing")
    case .typeMismatch(let type, let context): return at(context, "expected \(type)")
    case .valueNotFound(let type, let context): return at(context, "expected \(type), found null")
    case .dataCorrupted(let context): return at(context, context.debugDescription)
    @unknown default: return "\(error)"
    }
}

/// The lines that are sent.
public enum Envelope {
    /// A request for `Method`.
    public static func request<Method: LineMethod>(
        _: Method.Type, id: RequestID, _ parameters: Method.Parameters
    ) -> [UInt8] {
        encode(Request(id: id, method: Method.name, params: parameters))
    }

    public static func response(_ id: RequestID, _ result: some Encodable) -> [UInt8] {
        encode(Response(id: id, result: result))
    }

    /// An error; `id` is nil only when the request's could not be read.
    public static func failure(_ id: RequestID?, _ failure: ProtocolFailure) -> [UInt8] {
        encode(Failure(id: id, error: failure))
    }

    /// One item of the stream that the request `id` opened.
    public static func item<Method: LineStream>(_: Method.Type, of id: RequestID, _ item: Method.Item) -> [UInt8] {
        encode(Request(id: nil, method: Method.name, params: StreamItem(request: id, item: item)))
    }

    /// One line of JSON, without the newline.
    public static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        // Only floating-point infinities cannot be encoded, and no type of the protocol holds one.
        return (try? encoder.encode(value)).map { Array($0) } ?? []
    }

    private struct Request<Parameters: Encodable>: Encodable {
        var jsonrpc = "2.0"
        var id: RequestID?
        var method: String
        var params: Parameters
    }
    private struct Response<Value: Encodable>: Encodable {
        var jsonrpc = "2.0"
        var id: RequestID
        var result: Value
    }
    private struct Failure: Encodable {
        var jsonrpc = "2.0"
        var id: RequestID?
        var error: ProtocolFailure

        enum CodingKeys: CodingKey { case jsonrpc, id, error }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(jsonrpc, forKey: .jsonrpc)
            try container.encode(id, forKey: .id)
            try container.encode(error, forKey: .error)
        }
    }
}

/// `params` of a notification that belongs to a stream.
public struct StreamItem<Item: Codable & Sendable>: Codable, Sendable {
    /// The `id` of the request that opened the stream.
    public var request: RequestID
    public var item: Item

    public init(request: RequestID, item: Item) {
        self.request = request
        self.item = item
    }
}
