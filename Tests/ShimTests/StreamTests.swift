import LineProtocol
import LinuxKernel
import Testing

@testable import Shim

@Suite("A process's streams")
struct StreamTests {
    private func bytes(_ count: Int) -> ArraySlice<UInt8> {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }[...]
    }

    @Test("a queue gives back what it was given, whatever the descriptor takes")
    func queue() throws {
        let (reader, writer) = try Pipe().split()
        defer { reader.close() }
        try writer.setNonBlocking()
        var queue = ByteQueue()
        for size in [10, 100_000, 1, 2, 200_000] { queue.append(bytes(size)) }
        var got: [UInt8] = []
        while !queue.isEmpty {
            try queue.drain(into: writer)
            got += try reader.read(upTo: 1 << 20)
        }
        writer.close()
        got += try reader.readAll()
        #expect(got == [10, 100_000, 1, 2, 200_000].flatMap { bytes($0) })
    }

    @Test("many small chunks weigh no more than their bytes")
    func smallChunks() {
        var queue = ByteQueue()
        for _ in 0..<10_000 { queue.append([1]) }
        #expect(queue.count == 10_000)
    }

    @Test("every client reads all from its attaching on; a client that goes disturbs nobody")
    func clients() throws {
        let loop = try EventLoop()
        let streams = ProcessStreams(closesInputWithFirstClient: false, loop: loop)
        var ends: ProcessStreams.ProcessEnds? = try streams.openPipes(withInput: false)
        let one = try streams.attach(AttachRequest(standardInput: true))
        let two = try streams.attach(AttachRequest(standardInput: false, standardError: false))
        #expect(one.streams.streams == [.standardOutput, .standardError])
        #expect(two.streams.streams == [.standardOutput])
        two.ends[0].close()
        let output = try #require(ends?.descriptors[1])
        try output.writeAll("to be read")
        ends = nil
        streams.drain { loop.stop() }
        try loop.run()
        #expect(try one.ends[0].readAll() == Array("to be read".utf8))
        #expect(try one.ends[1].readAll().isEmpty)
        #expect(!streams.hasClients)
    }

    @Test("a client that does not read stops the stream, and bounds what is kept")
    func backPressure() throws {
        let loop = try EventLoop()
        let streams = ProcessStreams(closesInputWithFirstClient: false, loop: loop)
        let ends = try streams.openPipes(withInput: false)
        let client = try streams.attach(AttachRequest(standardInput: false, standardError: false)).ends[0]
        let output = try #require(ends.descriptors[1])
        try output.setNonBlocking()
        var taken = 0
        func write() {
            while let count = try? output.write(bytes(64 << 10)) { taken += count }
            let before = taken
            _ = loop.schedule(afterMilliseconds: 20) { if taken == before { loop.stop() } else { write() } }
            _ = loop.schedule(afterMilliseconds: 10) { while let n = try? output.write(bytes(4096)) { taken += n } }
        }
        write()
        try loop.run()
        // Two pipes and the queue.
        #expect(taken < OutputStream.mostQueued + (256 << 10))
        #expect(streams.hasClients)
        client.close()
    }

    @Test("input of all clients reaches the process; with stdin-once its end is the first client's end")
    func input() throws {
        let loop = try EventLoop()
        let streams = ProcessStreams(closesInputWithFirstClient: true, loop: loop)
        let ends = try streams.openPipes(withInput: true)
        let request = AttachRequest(standardInput: true, standardOutput: false, standardError: false)
        let one = try streams.attach(request).ends[0]
        let two = try streams.attach(request).ends[0]
        try two.writeAll("two")
        _ = loop.schedule(afterMilliseconds: 20) {
            try? one.writeAll("one")
            one.close()
        }
        streams.onClientsChange = { if !streams.hasClients { loop.stop() } }
        try loop.run()
        #expect(try ends.descriptors[0]?.readAll() == Array("twoone".utf8))
        ignoreSignal(Signal.pipe)
        #expect(throws: SystemError.self) { try two.writeAll("too late") }
        two.close()
    }
}
