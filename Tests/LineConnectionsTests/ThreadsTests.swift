import BlockingThreads
import LinuxKernel
import Synchronization
import Testing

@testable import LineConnections

@Suite("Threads for what blocks")
struct ThreadsTests {
    @Test("are never more than their limit, and all work is done")
    func limit() async throws {
        let threads = BlockingThreads(limit: 3)
        let (running, most) = (Monitor(0), Monitor(0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    await threads.run { () throws(Never) in
                        let now = running.withLock { count in
                            count += 1
                            return count
                        }
                        most.withLock { $0 = max($0, now) }
                        _ = try? Descriptor.standardInput.wait(for: [], milliseconds: 2)
                        running.withLock { $0 -= 1 }
                    }
                }
            }
        }
        #expect(running.withLock { $0 } == 0)
        #expect((1...3).contains(most.withLock { $0 }))
    }

    @Test("give typed errors back")
    func errors() async throws {
        let threads = BlockingThreads(limit: 1)
        await #expect(throws: SystemError.self) {
            try await threads.run { () throws(SystemError) in throw SystemError(.noEntry, "open", "x") }
        }
    }

    @Test("a wait for a descriptor ends with its task")
    func cancelledWait() async throws {
        let loop = try EventLoop()
        defer { loop.stop() }
        let (reader, writer) = try Pipe().split()
        let waiting = Task { try await loop.waitUntilReadable(reader) }
        waiting.cancel()
        try await waiting.value
        reader.close()
        writer.close()
    }
}
