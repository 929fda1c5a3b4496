public import Engine
public import LineConnections
public import LineProtocol

/// The supervisor's methods of the line protocol: a table of methods and what the engine does for each. It decides
/// nothing and keeps nothing.
public struct LineAPI: LineService {
    private static let handlers = Dictionary(
        uniqueKeysWithValues: (containerHandlers + imageHandlers + systemHandlers).map { ($0.name, $0) })

    private let engine: Engine

    public init(_ engine: Engine) { self.engine = engine }

    /// What this server says of itself in `hello`.
    public static func greeting(version: String) -> Hello.Result {
        Hello.Result(server: "wherryd \(version)", capabilities: ["descriptors"])
    }

    /// The names of all methods that are answered, but those of the connection itself.
    static var methods: [String] { handlers.keys.sorted() }

    public func respond(to request: LineRequest) async throws(ProtocolFailure) -> LineAnswer {
        guard let handler = Self.handlers[request.method] else {
            throw ProtocolFailure(.methodNotFound, "there is no method \(request.method)")
        }
        return try await handler.answer(engine, request)
    }
}

/// A method and what answers it.
struct Handler: Sendable {
    let name: String
    let answer: @Sendable (Engine, LineRequest) async throws(ProtocolFailure) -> LineAnswer

    private init(
        _ name: String, _ answer: @escaping @Sendable (Engine, LineRequest) async throws(ProtocolFailure) -> LineAnswer
    ) {
        self.name = name
        self.answer = answer
    }

    /// A method whose answer is its result alone. It is given up when its request is cancelled.
    static func query<Method: LineMethod>(
        _: Method.Type,
        _ body: @escaping @Sendable (Engine, Method.Parameters) async throws(ProtocolFailure) -> Method.Result
    ) -> Handler {
        Handler(Method.name) { engine, request throws(ProtocolFailure) in
            LineAnswer(try await body(engine, request.message.parameters()))
        }
    }

    /// A method that changes something: once begun it is finished, even if its client is gone meanwhile.
    static func operation<Method: LineMethod>(
        _: Method.Type,
        _ body:
            @escaping @Sendable (Engine, Method.Parameters, LineRequest) async throws(ProtocolFailure) -> Method.Result
    ) -> Handler {
        relay(Method.self) { engine, parameters, request throws(ProtocolFailure) in
            (try await body(engine, parameters, request), PassedDescriptors())
        }
    }

    /// An operation whose answer carries descriptors.
    static func relay<Method: LineMethod>(
        _: Method.Type,
        _ body:
            @escaping @Sendable (Engine, Method.Parameters, LineRequest) async throws(ProtocolFailure) -> (
                Method.Result, PassedDescriptors
            )
    ) -> Handler {
        Handler(Method.name) { engine, request throws(ProtocolFailure) in
            let parameters: Method.Parameters = try request.message.parameters()
            // A task of its own hears of no cancellation.
            let outcome = await Task {
                await Outcome { () async throws(ProtocolFailure) in try await body(engine, parameters, request) }
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
                Engine, Method.Parameters, @Sendable (Method.Item) async throws(ProtocolFailure) -> Void
            ) async throws(ProtocolFailure) -> Method.Result
    ) -> Handler {
        Handler(Method.name) { engine, request throws(ProtocolFailure) in
            let result = try await body(engine, request.message.parameters()) { item throws(ProtocolFailure) in
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
