import LinuxKernel

/// The one loop of the program: descriptors, timers and what to call when they are due. Everything in the shim runs
/// on it, so nothing needs a lock.
final class EventLoop {
    typealias Token = UInt64

    private let queue: EventQueue
    private var handlers: [Token: (PollEvents) -> Void] = [:]
    private var timers: [(due: UInt64, token: Token, action: () -> Void)] = []
    private var afterwards: [() -> Void] = []
    private var lastToken: Token = 0
    private var isStopped = false
    /// Milliseconds without an event.
    private static let restsAfter: Int32 = 200

    init() throws(SystemError) { queue = try EventQueue() }

    /// Calls `handler` whenever `events` come, and for errors and hang-ups always, until ``forget(_:_:)``.
    func watch(_ descriptor: Descriptor, for events: PollEvents, _ handler: @escaping (PollEvents) -> Void)
        throws(SystemError) -> Token
    {
        lastToken += 1
        try queue.add(descriptor, for: events, token: lastToken)
        handlers[lastToken] = handler
        return lastToken
    }

    /// Changes what a watched descriptor is watched for.
    func rewatch(_ descriptor: Descriptor, _ token: Token, for events: PollEvents) {
        // Fails only for a descriptor that is not watched; there is nothing to change then.
        try? queue.modify(descriptor, for: events, token: token)
    }

    /// Stops watching; events that came already in this round are dropped too. Call it before closing the descriptor.
    func forget(_ descriptor: Descriptor, _ token: Token) {
        if handlers.removeValue(forKey: token) != nil { try? queue.remove(descriptor) }
    }

    /// Calls `action` once, `milliseconds` from now, unless it is cancelled.
    func schedule(afterMilliseconds milliseconds: UInt64, _ action: @escaping () -> Void) -> Token {
        lastToken += 1
        timers.append((monotonicTime() + milliseconds * 1_000_000, lastToken, action))
        return lastToken
    }

    func cancelTimer(_ token: Token) { timers.removeAll { $0.token == token } }

    /// Calls `action` when the present handler has returned: for what must not happen inside of it.
    func afterThis(_ action: @escaping () -> Void) { afterwards.append(action) }

    func stop() { isStopped = true }

    func run() throws(SystemError) {
        while !isStopped {
            let events = try nextEvents()
            for (token, events) in events {
                handlers[token]?(events)
                runAfterwards()
            }
            runTimers()
        }
    }

    /// A shim has nothing to do for days: before a long wait it gives back what it needed for its last deeds.
    private func nextEvents() throws(SystemError) -> [(token: EventLoop.Token, events: PollEvents)] {
        let timeout = timeout()
        guard timeout == -1 || timeout > Self.restsAfter else { return try queue.wait(milliseconds: timeout) }
        let events = try queue.wait(milliseconds: Self.restsAfter)
        guard events.isEmpty else { return events }
        Heap.trim()
        ThisProcess.forgetProgram()
        return try queue.wait(milliseconds: self.timeout())
    }

    private func runAfterwards() {
        while !afterwards.isEmpty {
            let actions = afterwards
            afterwards.removeAll()
            for action in actions { action() }
        }
    }

    private func timeout() -> Int32 {
        guard let next = timers.map(\.due).min() else { return -1 }
        let now = monotonicTime()
        return next <= now ? 0 : Int32(clamping: (next - now) / 1_000_000 + 1)
    }

    private func runTimers() {
        if timers.isEmpty { return }
        let now = monotonicTime()
        let due = timers.filter { $0.due <= now }
        timers.removeAll { $0.due <= now }
        for timer in due {
            timer.action()
            runAfterwards()
        }
    }
}
