internal import BlockingThreads
internal import LineConnections
public import LineProtocol
internal import LinuxKernel

extension Container {
    /// Gives what the container wrote to `deliver`, and, when asked to follow, what it will write until it has ended.
    public func logs(
        _ wanted: ContainerLogs.Parameters, deliver: @Sendable (LogRecord) async throws(ProtocolFailure) -> Void
    ) async throws(ProtocolFailure) {
        let reader = LogReader(wanted, path: paths.log, threads: services.threads, loop: services.loop)
        let source = LogReader.Source(
            isRunning: { await self.record.lifecycle.isUp }, waitForEnd: { _ = try? await self.wait(.notRunning) })
        try await reader.read(source, deliver: deliver)
    }
}

/// One reader of one log, across rotations.
struct LogReader: Sendable {
    private let wanted: ContainerLogs.Parameters
    private let path: String
    private let threads: BlockingThreads
    private let loop: EventLoop

    init(_ wanted: ContainerLogs.Parameters, path: String, threads: BlockingThreads, loop: EventLoop) {
        self.wanted = wanted
        self.path = path
        self.threads = threads
        self.loop = loop
    }

    /// Whoever writes the log.
    struct Source: Sendable {
        let isRunning: @Sendable () async -> Bool
        /// Returns when it does not run any more, or the task is cancelled.
        let waitForEnd: @Sendable () async -> Void
    }

    /// Where the reader is.
    private struct Cursor: Sendable {
        var files: [LogFile] = []
        var offset: Int64 = 0
        /// The beginning of a record that is not whole yet.
        var rest: [UInt8] = []
        /// What was read beyond `until`: no more is wanted.
        var isPastEnd = false
    }

    typealias Delivery = @Sendable (LogRecord) async throws(ProtocolFailure) -> Void

    func read(_ source: Source, deliver: Delivery) async throws(ProtocolFailure) {
        // Before the first look: what is written from now on is noticed.
        let watch = wanted.follow ? try makeWatch() : nil
        var cursor = try await start()
        while true {
            // Asked first: what the log holds after the end is all there will be.
            let goesOn = await source.isRunning()
            try await deliverAvailable(&cursor, deliver)
            guard let watch, goesOn, !cursor.isPastEnd else { return }
            if Task.isCancelled { throw ProtocolFailure(.cancelled, "the request was cancelled") }
            await nextChange(watch, or: source)
        }
    }

    private func makeWatch() throws(ProtocolFailure) -> SharedWatch? {
        do { return try SharedWatch(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])) } catch {
            throw ProtocolFailure(error)
        }
    }

    private func start() async throws(ProtocolFailure) -> Cursor {
        let (path, tail) = (path, wanted.tail)
        return try await threads.run { () throws(ProtocolFailure) in
            do throws(SystemError) {
                let files = try LogFile.all(of: path)
                guard let tail, tail >= 0, !files.isEmpty else { return Cursor(files: files) }
                let (first, offset) = try LogFile.start(ofLast: tail, in: files)
                return Cursor(files: Array(files[first...]), offset: offset)
            } catch { throw ProtocolFailure(error) }
        }
    }

    /// Delivers all that can be had now, in this file and in those that followed it.
    private func deliverAvailable(_ cursor: inout Cursor, _ deliver: Delivery) async throws(ProtocolFailure) {
        while !cursor.isPastEnd {
            if cursor.files.isEmpty { cursor.files = try await newFiles(after: nil) }
            guard let file = cursor.files.first else { return }
            let offset = cursor.offset
            let bytes = try await threads.run { () throws(ProtocolFailure) in
                do throws(SystemError) { return try file.read(at: offset) } catch { throw ProtocolFailure(error) }
            }
            guard bytes.isEmpty else {
                cursor.offset += Int64(bytes.count)
                try await take(bytes, &cursor, deliver)
                continue
            }
            if file.size < cursor.offset {
                // Truncated: a rotation that keeps no old files.
                (cursor.offset, cursor.rest) = (0, [])
                continue
            }
            if cursor.files.count == 1 {
                cursor.files += try await newFiles(after: file)
                guard cursor.files.count > 1 else { return }
                // What came before the rotation, but after this file was last read, is in it.
                continue
            }
            cursor.files.removeFirst()
            (cursor.offset, cursor.rest) = (0, [])
        }
    }

    /// The files that came after `known`.
    private func newFiles(after known: LogFile?) async throws(ProtocolFailure) -> [LogFile] {
        let path = path
        return try await threads.run { () throws(ProtocolFailure) in
            do throws(SystemError) {
                let files = try LogFile.all(of: path)
                let place = files.firstIndex { $0.inode == known?.inode }
                return Array(files[(place.map { $0 + 1 } ?? 0)...])
            } catch { throw ProtocolFailure(error) }
        }
    }

    private func take(_ bytes: [UInt8], _ cursor: inout Cursor, _ deliver: Delivery) async throws(ProtocolFailure) {
        cursor.rest += bytes
        var records = cursor.rest[...]
        while let newline = records.firstIndex(of: UInt8(ascii: "\n")) {
            let line = records[..<newline]
            records = records[(newline + 1)...]
            // A line that is no record (a power cut can leave zeros) costs itself, not those after it.
            guard let record = try? decodeJSON(LogRecord.self, Array(line)) else { continue }
            if let until = wanted.until, record.time > until {
                cursor.isPastEnd = true
                return
            }
            if admits(record) { try await deliver(record) }
        }
        cursor.rest = Array(records)
    }

    private func admits(_ record: LogRecord) -> Bool {
        guard record.stream == .standardOutput ? wanted.standardOutput : wanted.standardError else { return false }
        return wanted.since.map { record.time >= $0 } ?? true
    }

    /// Returns when the directory changed, the container ended, or `until` has come.
    private func nextChange(_ watch: SharedWatch, or source: Source) async {
        let loop = loop
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await loop.waitUntilReadable(watch.watch.descriptor.descriptor) }
            group.addTask { await source.waitForEnd() }
            if let until = wanted.until, until > .now {
                let nanoseconds = until.nanoseconds - Timestamp.now.nanoseconds
                group.addTask { try? await Task.sleep(nanoseconds: nanoseconds) }
            }
            await group.next()
            group.cancelAll()
        }
        watch.watch.drain()
    }
}

/// A directory watch that tasks can share.
private final class SharedWatch: Sendable {
    let watch: FileWatch
    init(_ directory: String) throws(SystemError) { watch = try FileWatch(directory: directory) }
}
