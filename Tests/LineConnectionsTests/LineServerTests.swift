import LineProtocol
import LinuxKernel
import Synchronization
import Testing

@testable import LineConnections

@Suite("A server of the line protocol")
struct LineServerTests {
    @Test("answers requests of one connection in any order")
    func concurrency() async throws {
        let server = try await TestServer()
        let client = try await server.client()
        let hanging = Task { try await client.call(Hang.self, Nothing()) }
        let answer = try await client.call(Echo.self, Echo.Parameters(text: "é"))
        #expect(answer.value.text == "é")
        hanging.cancel()
        await #expect(throws: LineCallError.cancelled) { _ = try await hanging.value }
        #expect(await eventually { server.service.cancelled.load(ordering: .relaxed) == 1 })
    }

    @Test("wants hello first")
    func helloFirst() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        try client.send(#"{"jsonrpc":"2.0","id":1,"method":"test.echo","params":{"text":"x"}}"#)
        guard case .failure(.number(1), let failure)? = try await client.receive().first?.kind else {
            Issue.record("no failure came")
            return
        }
        #expect(failure.kind == .invalidRequest)
    }

    @Test("answers an unknown method and wrong parameters with errors, and goes on")
    func errors() async throws {
        let server = try await TestServer()
        let client = try await server.client()
        await #expect(throws: LineCallError.self) { _ = try await client.call(Unknown.self, Nothing()) }
        #expect(try await client.call(Echo.self, Echo.Parameters(text: "x")).value.text == "x")
    }

    private enum Unknown: LineMethod {
        static let name = "test.unknown"
        static let summary = ""
        typealias Parameters = Nothing
        typealias Result = Nothing
    }

    @Test("goes on after a line that is no JSON, or no UTF-8")
    func garbage() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        try await client.hello()
        try client.channel.send([0xff, 0xfe, 0x7b])
        try client.send(#"{"jsonrpc":"2.0","id":7,"method":"test.echo","params":{"text":"x"}}"#)
        let kinds = try await client.receive(2).map(\.kind)
        try #require(kinds.count == 2)
        guard case .failure(nil, let failure) = kinds[0] else {
            Issue.record("no failure came")
            return
        }
        #expect(failure.kind == .parseError)
        #expect(kinds[1] == .response(.number(7)))
    }

    @Test("passes descriptors with an answer")
    func descriptors() async throws {
        let server = try await TestServer()
        let answer = try await server.client().call(GivePipe.self, Nothing())
        let descriptors = answer.descriptors.take()
        #expect(descriptors.count == 1)
        for descriptor in descriptors {
            #expect(try descriptor.readAll() == Array("word".utf8))
            descriptor.close()
        }
    }

    @Test("cancels the requests of a connection that closes")
    func closing() async throws {
        let server = try await TestServer()
        do {
            let client = try server.rawClient()
            try await client.hello()
            for id in 1...3 { try client.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"test.hang"}"#) }
            #expect(await eventually { server.service.begun.load(ordering: .relaxed) == 3 })
        }
        #expect(await eventually { server.service.cancelled.load(ordering: .relaxed) == 3 })
        #expect(await eventually { await server.server.connectionCount == 0 })
    }

    @Test("cancels a request on demand, which then answers so")
    func cancelMethod() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        try await client.hello()
        try client.send(#"{"jsonrpc":"2.0","id":"a","method":"test.hang"}"#)
        try client.send(#"{"jsonrpc":"2.0","id":"b","method":"cancel","params":{"request":"a"}}"#)
        var answers: [RequestID: ProtocolFailure.Kind?] = [:]
        for message in try await client.receive(2) {
            if case .failure(let id?, let failure) = message.kind { answers[id] = failure.kind }
            if case .response(let id) = message.kind { answers[id] = .some(nil) }
        }
        #expect(answers[.text("a")] == .cancelled)
        #expect(answers[.text("b")] == .some(nil))
    }

    @Test("still answers a client that has closed its writing end")
    func halfClosed() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        try await client.hello()
        try client.send(#"{"jsonrpc":"2.0","id":1,"method":"test.echo","params":{"text":"x"}}"#)
        try client.channel.descriptor.finishWriting()
        #expect(try await client.receive().first?.kind == .response(.number(1)))
        #expect(try await client.receive().isEmpty)
    }
}

@Suite("line-flood: a rude client cannot make the server grow")
struct LineFloodTests {
    @Test("a line without end ends the connection")
    func endlessLine() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        let block = [UInt8](repeating: 0x61, count: 1 << 18)
        try await client.hello()
        let isClosed = await eventually {
            // The socket may be full, or closed already.
            _ = try? client.channel.descriptor.send(block)
            return await server.server.connectionCount == 0
        }
        #expect(isClosed)
    }

    @Test("a stream waits for a client that does not read")
    func unreadStream() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        try await client.hello()
        try client.send(#"{"jsonrpc":"2.0","id":1,"method":"test.pour"}"#)
        #expect(await eventually { server.service.poured.load(ordering: .relaxed) > 10 })
        // While others are served, it goes no further than what may be unsent and what the sockets hold.
        let other = try await server.client()
        for _ in 0..<500 { _ = try await other.call(Echo.self, Echo.Parameters(text: "x")) }
        #expect(server.service.poured.load(ordering: .relaxed) < 200)
    }

    @Test("ten thousand unread requests are not all begun, and others are served meanwhile")
    func unreadRequests() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        try await client.hello()
        for id in 0..<10_000 {
            try client.channel.send(Array(#"{"jsonrpc":"2.0","id":\#(id),"method":"test.hang"}"#.utf8))
        }
        #expect(try await server.client().call(Echo.self, Echo.Parameters(text: "x")).value.text == "x")
    }

    @Test("one connection too many is told so")
    func connections() async throws {
        var limits = LineLimits()
        limits.connections = 2
        let server = try await TestServer(limits: limits)
        let first = try server.rawClient()
        try await first.hello()
        let second = try server.rawClient()
        try await second.hello()
        let third = try server.rawClient()
        guard case .failure(nil, let failure)? = try await third.receive().first?.kind else {
            Issue.record("no failure came")
            return
        }
        #expect(failure.kind == .inUse)
        withExtendedLifetime((first, second)) {}
    }

    @Test("descriptors that nobody asked for are closed")
    func strayDescriptors() async throws {
        let server = try await TestServer()
        let client = try server.rawClient()
        try await client.hello()
        let (reader, writer) = try Pipe().split()
        let mine = OwnedDescriptor(owning: reader.number)
        try client.channel.send(
            Array(#"{"jsonrpc":"2.0","id":1,"method":"test.echo","params":{"text":"x"}}"#.utf8), passing: [writer])
        #expect(try await client.receive().first?.kind == .response(.number(1)))
        // Its last owner gone, the pipe ends.
        #expect(
            await eventually { (try? mine.descriptor.wait(for: .readable, milliseconds: 0).contains(.hangUp)) == true })
    }
}

@Suite("A listening socket")
struct ListeningSocketTests {
    @Test("is of mode 0600")
    func mode() async throws {
        let server = try await TestServer()
        #expect(try Descriptor.workingDirectory.status(of: server.path).mode == 0o600)
    }

    @Test("is refused to a second program, in one line")
    func second() async throws {
        let server = try await TestServer()
        #expect(throws: ListeningError.taken(path: server.path)) { _ = try ListeningSocket(at: server.path) }
    }

    @Test("takes the place of one that nobody answers on")
    func stale() async throws {
        let directory = "/tmp/wherry-stale-\(ThisProcess.pid)"
        try Descriptor.workingDirectory.makeDirectory(directory, mode: 0o700)
        defer { try? Descriptor.workingDirectory.removeTree(directory) }
        _ = try UnixSocket.listen(at: directory + "/s")
        _ = try ListeningSocket(at: directory + "/s")
    }

    @Test("never takes the place of a file that is no socket")
    func file() async throws {
        let directory = "/tmp/wherry-file-\(ThisProcess.pid)"
        try Descriptor.workingDirectory.makeDirectory(directory, mode: 0o700)
        defer { try? Descriptor.workingDirectory.removeTree(directory) }
        try Descriptor.workingDirectory.writeFileDurably(directory + "/s", [1])
        #expect(throws: ListeningError.self) { _ = try ListeningSocket(at: directory + "/s") }
        #expect(try Descriptor.workingDirectory.readFile(directory + "/s") == [1])
    }
}
