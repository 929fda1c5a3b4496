public import LineConnections
public import LineProtocol
internal import LinuxKernel

/// The shim of one container, reached over its socket.
struct ShimConnection: Sendable {
    private let client: LineClient

    /// Connects to the shim that listens at `socket`.
    init(to socket: String, _ services: Services) async throws(ProtocolFailure) {
        do {
            client = try await LineClient.connect(
                to: socket, on: services.loop, as: "wherryd \(services.configuration.version)")
        } catch let failure as ProtocolFailure {
            throw failure
        } catch {
            throw ProtocolFailure(.shimFailed, "the shim at \(socket) cannot be reached: \(error)")
        }
    }

    func call<Method: LineMethod>(_ method: Method.Type, _ parameters: Method.Parameters)
        async throws(ProtocolFailure) -> LineClient.Answer<Method.Result>
    {
        do { return try await client.call(method, parameters) } catch {
            switch error {
            case .failure(let failure): throw failure
            case .cancelled: throw ProtocolFailure(.cancelled, "the request was cancelled")
            case .connectionLost: throw ProtocolFailure(.shimFailed, "the shim ended before it answered \(Method.name)")
            }
        }
    }

    /// How the container, or a process in it, ended; nil when the shim went without telling.
    func waitForEnd(exec: String? = nil) async -> ExitRecord? {
        try? await call(ShimWait.self, ShimWait.Parameters(exec: exec)).value
    }

    func disconnect() async { await client.close() }
}

/// Streams on their way from a shim to a client.
public struct RelayedStreams: Sendable {
    public let streams: AttachedStreams
    public let descriptors: PassedDescriptors

    init(_ streams: AttachedStreams = AttachedStreams(), _ descriptors: PassedDescriptors = PassedDescriptors()) {
        self.streams = streams
        self.descriptors = descriptors
    }
}
