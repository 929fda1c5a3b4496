public import Engine
public import LineConnections
public import LineProtocol

/// The supervisor's methods of the line protocol: a table of methods and what the engine does for each. It decides
/// nothing and keeps nothing.
public struct LineAPI: LineService {
    private let handlers: [String: Handler]

    public init(_ engine: Engine) {
        let all = containerHandlers(engine) + imageHandlers(engine) + systemHandlers(engine)
        handlers = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }

    /// What this server says of itself in `hello`.
    public static func greeting(version: String) -> Hello.Result {
        Hello.Result(server: "wherryd \(version)", capabilities: ["descriptors"])
    }

    public func respond(to request: LineRequest) async throws(ProtocolFailure) -> LineAnswer {
        guard let handler = handlers[request.method] else {
            throw ProtocolFailure(.methodNotFound, "there is no method \(request.method)")
        }
        return try await handler.answer(request)
    }

    /// The names of all methods that are answered, but those of the connection itself.
    public var methods: [String] { handlers.keys.sorted() }
}

/// A method and what answers it.
struct Handler: Sendable {
    let name: String
    let answer: @Sendable (LineRequest) async throws(ProtocolFailure) -> LineAnswer

    private init(
        _ name: String, _ answer: @escaping @Sendable (LineRequest) async throws(ProtocolFailure) -> LineAnswer
    ) {
        self.name = name
        self.answer = answer
    }

    /// A method whose answer is its result alone. It is given up when its request is cancelled.
    static func query<Method: LineMethod>(
        _: Method.Type,
        _ body: @escaping @Sendable (Method.Parameters) async throws(ProtocolFailure) -> Method.Result
    ) -> Handler {
        Handler(Method.name) { request throws(ProtocolFailure) in
            LineAnswer(try await body(request.message.parameters()))
        }
    }

    /// A method that changes something: once begun it is finished, even if its client is gone meanwhile.
    static func operation<Method: LineMethod>(
        _: Method.Type,
        _ body: @escaping @Sendable (Method.Parameters, LineRequest) async throws(ProtocolFailure) -> Method.Result
    ) -> Handler {
        relay(Method.self) { parameters, request throws(ProtocolFailure) in
            (try await body(parameters, request), PassedDescriptors())
        }
    }

    /// An operation whose answer carries descriptors.
    static func relay<Method: LineMethod>(
        _: Method.Type,
        _ body:
            @escaping @Sendable (Method.Parameters, LineRequest) async throws(ProtocolFailure) -> (
                Method.Result, PassedDescriptors
            )
    ) -> Handler {
        Handler(Method.name) { request throws(ProtocolFailure) in
            let parameters: Method.Parameters = try request.message.parameters()
            // A task of its own hears of no cancellation.
            let outcome = await Task {
                await Outcome { () async throws(ProtocolFailure) in try await body(parameters, request) }
            }.value
            let (result, descriptors) = try outcome.get()
            return LineAnswer(result, passing: descriptors)
        }
    }

    /// A method that answers with a stream of items before its result.
    static func stream<Method: LineStream>(
        _: Method.Type,
        _ body:
            @escaping @Sendable (
                Method.Parameters, @Sendable (Method.Item) async throws(ProtocolFailure) -> Void
            ) async throws(ProtocolFailure) -> Method.Result
    ) -> Handler {
        Handler(Method.name) { request throws(ProtocolFailure) in
            let result = try await body(request.message.parameters()) { item throws(ProtocolFailure) in
                try await request.send(Method.self, item)
            }
            return LineAnswer(result)
        }
    }
}

/// `Result` of an asynchronous operation.
private enum Outcome<Value: Sendable>: Sendable {
    case value(Value)
    case failure(ProtocolFailure)

    init(catching body: () async throws(ProtocolFailure) -> Value) async {
        do { self = .value(try await body()) } catch { self = .failure(error) }
    }

    func get() throws(ProtocolFailure) -> Value {
        switch self {
        case .value(let value): return value
        case .failure(let failure): throw failure
        }
    }
}
