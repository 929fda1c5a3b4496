public import LinuxKernel

/// A few threads for calls that may block (files, archives, child processes), so that the threads of Swift's own pool
/// never do. Threads start as they are needed, `limit` at most; what comes beyond waits its turn.
public final class BlockingThreads: Sendable {
    private struct Work: Sendable {
        var jobs: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
    }

    private let limit: Int
    private let work = Monitor(Work())

    public init(limit: Int) { self.limit = limit }

    /// Runs `body` on one of the threads. A cancelled caller waits for its end as any other does.
    public func run<Result: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outcome = await withCheckedContinuation {
            (continuation: CheckedContinuation<Outcome<Result, Failure>, Never>) in
            submit { continuation.resume(returning: Outcome(catching: body)) }
        }
        return try outcome.get()
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        let limit = limit
        work.update { $0.jobs.append(job) }
        let needsThread = work.withLock { work in
            guard work.idle < work.jobs.count, work.threads < limit else { return false }
            work.threads += 1
            return true
        }
        guard needsThread else { return }
        let work = work
        do { try SystemThread.start { Self.serve(work) } } catch {
            // No thread can be had: those that are there do the work, or, when there is none, this one.
            let orphan = work.withLock { work -> (@Sendable () -> Void)? in
                work.threads -= 1
                return work.threads == 0 && !work.jobs.isEmpty ? work.jobs.removeFirst() : nil
            }
            orphan?()
        }
    }

    private static func serve(_ work: Monitor<Work>) {
        work.withLock { $0.idle += 1 }
        while true {
            let job = work.wait { work -> (@Sendable () -> Void)? in
                guard !work.jobs.isEmpty else { return nil }
                work.idle -= 1
                return work.jobs.removeFirst()
            }
            job()
            work.withLock { $0.idle += 1 }
        }
    }

    /// `Result` with a typed error that needs no cast.
    private enum Outcome<Value: Sendable, Failure: Error>: Sendable {
        case value(Value)
        case failure(Failure)

        init(catching body: () throws(Failure) -> Value) {
            do { self = .value(try body()) } catch { self = .failure(error) }
        }

        func get() throws(Failure) -> Value {
            switch self {
            case .value(let value): return value
            case .failure(let failure): throw failure
            }
        }
    }
}

/// A thread that runs one actor whose calls block: the executor of a database, for example. It lives as long as the
/// program.
public final class BlockingThread: SerialExecutor {
    private let jobs = Monitor<[UnownedJob]>([])

    public init() throws(SystemError) {
        try SystemThread.start { [self] in
            while true {
                let job = jobs.wait { $0.isEmpty ? nil : $0.removeFirst() }
                unsafe job.runSynchronously(on: asUnownedSerialExecutor())
            }
        }
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.update { $0.append(job) }
    }
}
