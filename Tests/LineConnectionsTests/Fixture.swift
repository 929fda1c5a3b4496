import LineProtocol
import LinuxKernel
import Synchronization
import Testing

@testable import LineConnections

/// Methods that tests ask for.
enum Echo: LineMethod {
    static let name = "test.echo"
    static let summary = "Answers what it was asked."
    struct Parameters: Codable, Sendable, Hashable { var text: String }
    typealias Result = Parameters
}
enum Hang: LineMethod {
    static let name = "test.hang"
    static let summary = "Answers only when it is cancelled."
    typealias Parameters = Nothing
    typealias Result = Nothing
}
enum Pour: LineStream {
    static let name = "test.pour"
    static let summary = "Sends items without end."
    typealias Parameters = Nothing
    struct Item: Codable, Sendable { var text: String }
    typealias Result = Nothing
}
enum GivePipe: LineMethod {
    static let name = "test.pipe"
    static let summary = "Answers with the reading end of a pipe that holds a word."
    typealias Parameters = Nothing
    typealias Result = Nothing
}

/// Answers those methods and counts.
final class TestService: LineService {
    let begun = Atomic<Int>(0)
    let cancelled = Atomic<Int>(0)
    let poured = Atomic<Int>(0)

    func respond(to request: LineRequest) async throws(ProtocolFailure) -> LineAnswer {
        switch request.method {
        case Echo.name: return LineAnswer(try request.message.parameters(Echo.Parameters.self))
        case Hang.name:
            begun.add(1, ordering: .relaxed)
            let (never, source) = AsyncStream.makeStream(of: Void.self)
            // Ends when the task is cancelled.
            for await _ in never {}
            source.finish()
            cancelled.add(1, ordering: .relaxed)
            throw ProtocolFailure(.cancelled, "the request was cancelled")
        case Pour.name:
            while true {
                try await request.send(Pour.self, Pour.Item(text: String(repeating: "x", count: 10_000)))
                poured.add(1, ordering: .relaxed)
            }
        case GivePipe.name: return LineAnswer(Nothing(), passing: try Self.pipe())
        default: throw ProtocolFailure(.methodNotFound, "there is no method \(request.method)")
        }
    }

    private static func pipe() throws(ProtocolFailure) -> PassedDescriptors {
        do throws(SystemError) {
            let (reader, writer) = try Pipe().split()
            try writer.writeAll("word")
            writer.close()
            return PassedDescriptors(owning: [reader])
        } catch { throw ProtocolFailure(.system, "\(error)") }
    }
}

/// A server in a directory of its own.
final class TestServer: Sendable {
    let loop: EventLoop
    let service = TestService()
    let server: LineServer
    let directory: String
    var path: String { directory + "/test.sock" }

    init(limits: LineLimits = LineLimits()) async throws {
        directory = "/tmp/wherry-lines-\(ThisProcess.pid)-\(UInt64.random(in: 0 ... .max))"
        try Descriptor.workingDirectory.makeDirectory(directory, mode: 0o700)
        loop = try EventLoop()
        server = LineServer(
            on: loop, socket: try ListeningSocket(at: directory + "/test.sock"), service: service,
            greeting: Hello.Result(server: "test 1", capabilities: []), limits: limits)
        try await server.start()
    }

    deinit {
        loop.stop()
        try? Descriptor.workingDirectory.removeTree(directory)
    }

    func client() async throws -> LineClient { try await LineClient.connect(to: path, on: loop, as: "test") }

    /// A connection that sends what a test wants to send.
    func rawClient() throws -> RawClient { try RawClient(path, loop) }
}

/// A client that is as rude as a test wants.
final class RawClient {
    let channel: LineChannel
    private let loop: EventLoop

    init(_ path: String, _ loop: EventLoop) throws {
        channel = try LineChannel(owning: UnixSocket.connect(to: path))
        self.loop = loop
    }

    func send(_ text: String) throws { try channel.send(Array(text.utf8)) }

    /// The next messages; none at the end of the stream, or when none came in ten seconds.
    func receive() async throws -> [Message] {
        let (descriptor, loop) = (channel.descriptor, loop)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await loop.waitUntilReadable(descriptor) }
            group.addTask { await pause(milliseconds: 10_000, on: loop) }
            await group.next()
            group.cancelAll()
        }
        return try channel.receive().map { try Message($0) }
    }

    /// As many messages as that, or fewer at the end.
    func receive(_ count: Int) async throws -> [Message] {
        var messages: [Message] = []
        while messages.count < count {
            let more = try await receive()
            if more.isEmpty { break }
            messages += more
        }
        return messages
    }

    func hello() async throws {
        try channel.send(Envelope.request(Hello.self, id: .number(0), Hello.Parameters(client: "raw")))
        _ = try await receive()
    }
}

/// Waits until `condition` holds, ten seconds at most.
func eventually(_ condition: () async -> Bool) async -> Bool {
    guard let loop = try? EventLoop() else { return false }
    defer { loop.stop() }
    for _ in 0..<2000 {
        if await condition() { return true }
        await pause(milliseconds: 5, on: loop)
    }
    return false
}

/// Returns when the time is over, or the task is cancelled.
private func pause(milliseconds: UInt64, on loop: EventLoop) async {
    guard let timer = try? TimerDescriptor() else { return }
    try? timer.set(nanoseconds: milliseconds * 1_000_000)
    try? await loop.waitUntilReadable(timer.descriptor.descriptor)
}
