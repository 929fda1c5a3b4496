public import LinuxKernel

/// One thread that waits for many descriptors (epoll(7)) and runs the actors that live on it.
///
/// An actor that names this as its executor handles its descriptors without locks: what the loop calls for an event
/// runs on the actor's own executor, so that it may `assumeIsolated`.
public final class EventLoop: SerialExecutor {
    /// What is called on the loop's thread when something came for a descriptor.
    public typealias Handler = @Sendable (PollEvents) -> Void

    private struct State: Sendable {
        var jobs: [UnownedJob] = []
        var handlers: [UInt64: Handler] = [:]
        var lastToken: UInt64 = 0
        var thread: UInt64 = 0
        var isStopping = false
    }

    private static let wakerToken: UInt64 = 0

    private let queue: EventQueue
    private let waker: OwnedDescriptor
    private let state = Monitor(State())

    /// Starts the thread, which runs until ``stop()``.
    public init() throws(SystemError) {
        queue = try EventQueue()
        waker = try makeEventDescriptor()
        try queue.add(waker.descriptor, for: .readable, token: Self.wakerToken)
        try SystemThread.start { [self] in run() }
    }

    /// Ends the thread. Actors that still live on it never run again: for the end of a program or a test.
    public func stop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    // MARK: Descriptors

    /// Calls `handler` whenever one of `events` came for `file`, which must stay open until it is removed.
    public func add(_ file: Descriptor, for events: PollEvents, _ handler: @escaping Handler) throws(SystemError)
        -> UInt64
    {
        let token = state.withLock { state in
            state.lastToken += 1
            state.handlers[state.lastToken] = handler
            return state.lastToken
        }
        do { try queue.add(file, for: events, token: token) } catch {
            state.withLock { $0.handlers[token] = nil }
            throw error
        }
        return token
    }

    public func modify(_ file: Descriptor, for events: PollEvents, token: UInt64) throws(SystemError) {
        try queue.modify(file, for: events, token: token)
    }

    public func remove(_ file: Descriptor, token: UInt64) {
        // A descriptor that epoll does not know any more needs no removal.
        try? queue.remove(file)
        state.withLock { $0.handlers[token] = nil }
    }

    /// Suspends until `file` is readable. Ends early when the calling task is cancelled.
    public func waitUntilReadable(_ file: Descriptor) async throws(SystemError) {
        let (notices, source) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let token = try add(file, for: [.readable, .oneShot]) { _ in source.yield() }
        defer { remove(file, token: token) }
        for await _ in notices { return }
    }

    // MARK: Executor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let needsWaking = state.withLock { state in
            state.jobs.append(job)
            return state.jobs.count == 1 && state.thread != SystemThread.identity
        }
        if needsWaking { wake() }
    }

    public func checkIsolated() { precondition(isIsolatingCurrentContext() == true, "not on the event loop's thread") }
    public func isIsolatingCurrentContext() -> Bool? { state.withLock { $0.thread == SystemThread.identity } }

    private func wake() {
        // Only a full counter refuses the write, and then the loop is awake anyway.
        try? waker.descriptor.writeAll([1, 0, 0, 0, 0, 0, 0, 0])
    }

    private func run() {
        state.withLock { $0.thread = SystemThread.identity }
        while !state.withLock({ $0.isStopping }) {
            runJobs()
            let isIdle = state.withLock { $0.jobs.isEmpty }
            // epoll_wait(2) on a descriptor that we own fails only for signals, which give no events.
            let events = (try? queue.wait(milliseconds: isIdle ? -1 : 0)) ?? []
            for (token, happened) in events { handle(token, happened) }
        }
    }

    private func runJobs() {
        let jobs = state.withLock { state in
            defer { state.jobs.removeAll(keepingCapacity: true) }
            return state.jobs
        }
        for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    private func handle(_ token: UInt64, _ events: PollEvents) {
        if token == Self.wakerToken {
            _ = try? waker.descriptor.read(upTo: 8)
        } else if let handler = state.withLock({ $0.handlers[token] }) {
            handler(events)
        }
    }
}
