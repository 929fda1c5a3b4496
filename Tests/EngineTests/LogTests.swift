import BlockingThreads
import LineConnections
import LineProtocol
import LinuxKernel
import Testing

@testable import Engine

/// A log in a directory of its own.
private final class Log: Sendable {
    let directory = "/tmp/wherry-log-\(ThisProcess.pid)-\(UInt64.random(in: 0 ... .max))"
    var path: String { directory + "/container.log" }
    let loop: EventLoop
    let threads = BlockingThreads(limit: 2)
    let isRunning = Monitor(false)
    private let ends: AsyncStream<Void>
    private let ender: AsyncStream<Void>.Continuation

    init() throws {
        loop = try EventLoop()
        (ends, ender) = AsyncStream.makeStream()
        try Descriptor.workingDirectory.makeDirectory(directory, mode: 0o700)
    }

    deinit {
        loop.stop()
        try? Descriptor.workingDirectory.removeTree(directory)
    }

    func append(_ bytes: [UInt8], to suffix: String = "") throws {
        let file = try Descriptor.workingDirectory.open(path + suffix, [.writeOnly, .create, .append], mode: 0o600)
        try file.descriptor.writeAll(bytes)
    }

    func append(_ numbers: some Sequence<Int>, _ stream: LogRecord.Stream = .standardOutput, to suffix: String = "")
        throws
    {
        for number in numbers {
            let moment = Timestamp(nanoseconds: UInt64(number) * 1_000_000_000)
            try append(LogRecord.encode(Array("\(number)\n".utf8), stream, at: moment), to: suffix)
        }
    }

    func rotate() throws { try Descriptor.workingDirectory.rename(path, to: path + ".1") }

    func reader(_ change: (inout ContainerLogs.Parameters) -> Void = { _ in }) -> LogReader {
        var wanted = ContainerLogs.Parameters(container: "c")
        change(&wanted)
        return LogReader(wanted, path: path, threads: threads, loop: loop)
    }

    var source: LogReader.Source {
        LogReader.Source(
            isRunning: { self.isRunning.withLock { $0 } },
            waitForEnd: { for await _ in self.ends { return } })
    }

    /// The container ends.
    func end() {
        isRunning.withLock { $0 = false }
        ender.finish()
    }

    func lines(_ change: (inout ContainerLogs.Parameters) -> Void = { _ in }) async throws -> [String] {
        let found = Monitor<[String]>([])
        try await reader(change).read(source) { record in found.withLock { $0.append(record.log) } }
        return found.withLock { $0 }
    }
}

@Suite("Reading a container's log")
struct LogTests {
    @Test("gives all of it, the oldest file first")
    func all() async throws {
        let log = try Log()
        try log.append(1...3, to: ".2")
        try log.append(4...6, to: ".1")
        try log.append(7...8)
        #expect(try await log.lines() == (1...8).map { "\($0)\n" })
    }

    @Test("gives nothing of a log that is not there")
    func missing() async throws { #expect(try await Log().lines().isEmpty) }

    @Test("gives the last lines, across files", arguments: [0, 1, 2, 3, 5, 8, 100])
    func tail(_ count: Int) async throws {
        let log = try Log()
        try log.append(1...3, to: ".2")
        try log.append(4...6, to: ".1")
        try log.append(7...8)
        #expect(try await log.lines { $0.tail = count } == (1...8).suffix(count).map { "\($0)\n" })
    }

    @Test("finds the last lines of a file that is larger than a block")
    func largeTail() async throws {
        let log = try Log()
        try log.append(1...3000)
        #expect(try await log.lines { $0.tail = 1500 } == (1501...3000).map { "\($0)\n" })
    }

    @Test("gives one stream alone")
    func streams() async throws {
        let log = try Log()
        try log.append([1], .standardOutput)
        try log.append([2], .standardError)
        #expect(try await log.lines { $0.standardOutput = false } == ["2\n"])
        #expect(try await log.lines { $0.standardError = false } == ["1\n"])
    }

    @Test("gives what lies between since and until")
    func moments() async throws {
        let log = try Log()
        try log.append(1...9)
        let lines = try await log.lines {
            $0.since = Timestamp(nanoseconds: 3_000_000_000)
            $0.until = Timestamp(nanoseconds: 5_500_000_000)
        }
        #expect(lines == ["3\n", "4\n", "5\n"])
    }

    @Test("passes over lines that are no records, and a last one that is not whole")
    func damage() async throws {
        let log = try Log()
        try log.append([1])
        try log.append([0, 0, 0, 10] as [UInt8])
        try log.append([2])
        try log.append(Array(#"{"log":"half"#.utf8))
        let lines = try await log.lines()
        #expect(lines == ["1\n", "2\n"])
    }

    @Test("follows across a rotation until the container has ended, and misses nothing")
    func follow() async throws {
        let log = try Log()
        log.isRunning.withLock { $0 = true }
        try log.append(1...2)
        let reading = Task { try await log.lines { $0.follow = true } }
        for number in 3...60 {
            try log.append([number])
            if number == 30 {
                try log.rotate()
                try log.append([] as [UInt8])
            }
            await Task.yield()
        }
        // The last line and the end come together.
        try log.append([61])
        log.end()
        #expect(try await reading.value == (1...61).map { "\($0)\n" })
    }

    @Test("a record that is written in two halves is given once it is whole")
    func halves() async throws {
        let log = try Log()
        log.isRunning.withLock { $0 = true }
        let record = LogRecord.encode(Array("x\n".utf8), .standardOutput, at: Timestamp(nanoseconds: 0))
        let reading = Task { try await log.lines { $0.follow = true } }
        try log.append(Array(record.prefix(10)))
        await Task.yield()
        try log.append(Array(record.dropFirst(10)))
        log.end()
        #expect(try await reading.value == ["x\n"])
    }
}
