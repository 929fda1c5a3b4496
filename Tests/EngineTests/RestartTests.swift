import LineProtocol
import LinuxKernel
import Testing

@testable import Engine

@Suite("Restart policies")
struct RestartTests {
    /// A run that began at 100 s, lasted `seconds`, and ended with `code`.
    private func end(_ code: Int32, after seconds: Double = 0) -> ExitRecord {
        let started: UInt64 = 100_000_000_000
        return ExitRecord(
            exitCode: code, finished: Timestamp(nanoseconds: started + UInt64(seconds * 1e9)),
            started: Timestamp(nanoseconds: started))
    }

    /// Milliseconds until the turn of a container that ended so.
    private func wait(_ history: inout RestartHistory, _ end: ExitRecord, _ policy: RestartPolicy) -> UInt64? {
        history.next(after: end, policy).map { ($0.nanoseconds - end.finished.nanoseconds) / 1_000_000 }
    }

    @Test("waits double from 100 ms to a minute")
    func backOff() {
        var history = RestartHistory()
        let waits = (0..<12).map { _ in wait(&history, end(1), RestartPolicy(.always)) }
        #expect(waits == [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000])
        #expect(history.count == 12)
    }

    @Test("a run of ten seconds begins anew with 100 ms, and the count goes on")
    func longRun() {
        var history = RestartHistory()
        for _ in 0..<5 { _ = wait(&history, end(1), RestartPolicy(.always)) }
        #expect(wait(&history, end(1, after: 9.9), RestartPolicy(.always)) == 3200)
        #expect(wait(&history, end(1, after: 10), RestartPolicy(.always)) == 100)
        #expect(history.count == 7)
    }

    @Test("on-failure heeds the exit code and the number of retries")
    func onFailure() {
        var history = RestartHistory()
        #expect(history.next(after: end(0), RestartPolicy(.onFailure)) == nil)
        let twice = RestartPolicy(.onFailure, maximumRetryCount: 2)
        #expect((0..<3).map { _ in history.next(after: end(1), twice) != nil } == [true, true, false])
        #expect(history.count == 2)
    }

    @Test("always and unless-stopped heed neither", arguments: [RestartPolicy.Name.always, .unlessStopped])
    func always(_ name: RestartPolicy.Name) {
        var history = RestartHistory()
        #expect(history.next(after: end(0), RestartPolicy(name)) != nil)
        history.isStopped = true
        #expect(history.next(after: end(0), RestartPolicy(name)) == nil, "but somebody who stops it")
    }

    @Test(
        "--restart is read as docker reads it",
        arguments: [
            ("no", RestartPolicy(.no)), ("", RestartPolicy(.no)), ("always", RestartPolicy(.always)),
            ("on-failure", RestartPolicy(.onFailure)), ("unless-stopped", RestartPolicy(.unlessStopped)),
            ("on-failure:3", RestartPolicy(.onFailure, maximumRetryCount: 3)),
        ])
    func parsing(_ text: String, _ policy: RestartPolicy) throws {
        #expect(try RestartPolicy(parsing: text) == policy)
    }

    @Test(
        "what is no policy is refused with the reason",
        arguments: [
            ("sometimes", "unknown policy 'sometimes'"), (":3", "no policy provided before colon"),
            ("on-failure:x", "must be an integer"), ("on-failure:-1", "cannot be negative"),
            ("always:3", "can only be used with 'on-failure'"),
        ])
    func refusals(_ text: String, _ reason: String) {
        #expect { _ = try RestartPolicy(parsing: text) } throws: { "\($0)".contains(reason) }
    }
}
