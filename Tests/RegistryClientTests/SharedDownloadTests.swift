import ContentStore
import ImageSpec
import Synchronization
import Testing

@testable import RegistryClient

@Suite("A content that several want")
struct SharedDownloadTests {
    /// Work that ends when the test says so, or when it is cancelled.
    private final class Work: Sendable {
        private let ending = AsyncStream.makeStream(of: Result<Void, RegistryClientError>.self)
        private let starting = AsyncStream.makeStream(of: Void.self)
        private let count = Mutex(0)

        var starts: Int { count.withLock { $0 } }

        func end(_ result: Result<Void, RegistryClientError>) { ending.continuation.yield(result) }

        func started() async { for await _ in starting.stream { return } }

        @Sendable func run(_ tell: @escaping SharedDownloads.Report) async -> Result<Void, RegistryClientError> {
            count.withLock { $0 += 1 }
            tell(.received(1))
            starting.continuation.yield()
            for await result in ending.stream { return result }
            return .failure(.cancelled)
        }
    }

    private let downloads = SharedDownloads()
    private let digest: Digest
    private let work = Work()

    init() throws { digest = try Digest.of([1]) }

    private func fetch(_ work: Work? = nil) -> Task<RegistryClientError?, Never> {
        Task { [downloads, digest, own = work ?? self.work] in
            do throws(RegistryClientError) { try await downloads.fetch(digest, report: { _ in }, work: own.run) } catch
            {
                return error
            }
            return nil
        }
    }

    private func waitForWaiters(_ count: Int) async {
        while await downloads.waiters(of: digest) != count { await Task.yield() }
    }

    @Test("is fetched once")
    func once() async {
        let (first, second) = (fetch(), fetch())
        await waitForWaiters(2)
        work.end(.success(()))
        #expect(await first.value == nil)
        #expect(await second.value == nil)
        #expect(work.starts == 1)
        #expect(await downloads.count == 0)
    }

    @Test("goes on coming when one of them goes, and stops with the last")
    func leaving() async {
        let (first, second) = (fetch(), fetch())
        await waitForWaiters(2)
        first.cancel()
        #expect(await first.value == .cancelled)
        #expect(await downloads.count == 1)
        second.cancel()
        #expect(await second.value == .cancelled)
        while await downloads.count > 0 { await Task.yield() }
        #expect(work.starts == 1)
    }

    @Test("is fetched anew by who comes when the last is just leaving")
    func returning() async {
        let first = fetch()
        await work.started()
        first.cancel()
        let other = Work()
        let second = fetch(other)
        await other.started()
        other.end(.success(()))
        #expect(await first.value == .cancelled)
        #expect(await second.value == nil)
    }

    @Test("that one's registry cannot give is asked of another's")
    func otherSource() async {
        let first = fetch()
        await work.started()
        let other = Work()
        let second = fetch(other)
        await waitForWaiters(2)
        work.end(.failure(.notFound(subject: "x")))
        #expect(await first.value == .notFound(subject: "x"))
        await other.started()
        other.end(.success(()))
        #expect(await second.value == nil)
    }
}
