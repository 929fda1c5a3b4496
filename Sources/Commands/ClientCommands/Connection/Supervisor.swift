internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// The supervisor cannot be reached, or went away.
struct ConnectionFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A connection to the supervisor: requests are sent, and their answers waited for, one after the other or several
/// at a time.
final class Supervisor {
    private let address: HostAddress
    private let channel: LineChannel
    private var lastID: Int64 = 0
    /// What arrived while something else was waited for.
    private var arrived: [Message] = []

    /// Connects, and says hello.
    convenience init(connectingTo address: HostAddress) throws {
        let socket: OwnedDescriptor
        do { socket = try UnixSocket.connect(to: address.path) } catch {
            throw Self.explain(error, address)
        }
        try self.init(owning: socket, address: address)
    }

    init(owning socket: consuming OwnedDescriptor, address: HostAddress) throws {
        self.address = address
        channel = try LineChannel(owning: socket)
        let hello = try call(Hello.self, Hello.Parameters(client: "wherry \(ClientVersion.current)"))
        guard hello.capabilities.contains("descriptors") else {
            throw ConnectionFailure("\(hello.server) at \(address) does not pass descriptors, which this client needs")
        }
    }

    private static func explain(_ error: SystemError, _ address: HostAddress) -> ConnectionFailure {
        switch error.errno {
        case .noEntry, .notDirectory:
            ConnectionFailure(
                "cannot reach the supervisor at \(address): no such file; start it with: wherryd")
        case .connectionRefused:
            ConnectionFailure(
                "cannot reach the supervisor at \(address): it does not run; start it with: wherryd")
        case .accessDenied, .notPermitted:
            ConnectionFailure(
                "cannot reach the supervisor at \(address): permission denied; run wherry as root, with sudo for example"
            )
        default: ConnectionFailure("cannot reach the supervisor at \(address): \(error.errno)")
        }
    }

    // MARK: Requests

    /// Sends a request. `descriptors` are taken over.
    @discardableResult
    func send<Method: LineMethod>(
        _: Method.Type, _ parameters: Method.Parameters, passing descriptors: [Descriptor] = []
    ) throws -> RequestID {
        lastID += 1
        let id = RequestID.number(lastID)
        let line = Envelope.request(Method.self, id: id, parameters)
        guard line.count < Line.longest else {
            for descriptor in descriptors { descriptor.close() }
            throw ProtocolFailure(.lineTooLong, "the request is too long: at most \(Line.longest) bytes may be sent")
        }
        do { try channel.send(line, passing: descriptors) } catch { throw lost() }
        return id
    }

    /// Sends a request and waits for its result.
    func call<Method: LineMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters, passing descriptors: [Descriptor] = []
    ) throws -> Method.Result {
        try answer(to: try send(method, parameters, passing: descriptors)).result()
    }

    /// Sends a request, hands every item of its stream to `each`, and returns its result when the stream has ended.
    @discardableResult
    func stream<Method: LineStream>(
        _ method: Method.Type, _ parameters: Method.Parameters, each: (Method.Item) throws -> Void
    ) throws -> Method.Result {
        let id = try send(method, parameters)
        while true {
            let message = try next()
            switch message.kind {
            case .notification(method: Method.name):
                let item: StreamItem<Method.Item> = try message.parameters()
                if item.request == id { try each(item.item) }
            case .response(id): return try message.result()
            case .failure(let failed, let failure) where failed == id || failed == nil: throw failure
            default: message.line.closeDescriptors()
            }
        }
    }

    /// Waits for the response to `id`; throws the failure that it is.
    func answer(to id: RequestID) throws -> Message {
        while true {
            if let index = arrived.firstIndex(where: { $0.answers(id) }) {
                return try arrived.remove(at: index).orFailure()
            }
            try waitForMessages()
        }
    }

    // MARK: Messages

    var descriptor: Descriptor { channel.descriptor }
    var hasUnsent: Bool { channel.hasUnsent }
    /// Whether ``receive()`` has something to give that poll(2) knows nothing of.
    var hasArrived: Bool { !arrived.isEmpty }

    /// The messages that can be had without waiting, and those that arrived before.
    func receive() throws -> [Message] {
        defer { arrived = [] }
        try channel.flush()
        let messages = try arrived + channel.receive().map(Self.read)
        if messages.isEmpty, channel.isAtEnd { throw lost() }
        return messages
    }

    private func next() throws -> Message {
        while arrived.isEmpty { try waitForMessages() }
        return arrived.removeFirst()
    }

    private func waitForMessages() throws {
        let lines: [Line]
        do { lines = try channel.waitForLines() } catch { throw lost() }
        if lines.isEmpty { throw lost() }
        arrived += try lines.map(Self.read)
    }

    private static func read(_ line: Line) throws -> Message { try Message(line) }

    private func lost() -> ConnectionFailure {
        ConnectionFailure("the supervisor at \(address) closed the connection; see its log for why")
    }
}

extension Message {
    /// Whether this is the response to `id`, or says why there will be none.
    fileprivate func answers(_ id: RequestID) -> Bool {
        switch kind {
        case .response(id), .failure(id, _), .failure(nil, _): true
        default: false
        }
    }

    fileprivate func orFailure() throws -> Message {
        if case .failure(_, let failure) = kind { throw failure }
        return self
    }
}
