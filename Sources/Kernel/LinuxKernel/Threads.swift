internal import CLinux

/// A thread of our own, for what may block. Programs that must stay single-threaded never call this.
public enum SystemThread {
    /// Starts a detached thread with all signals blocked.
    public static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let box = Unmanaged.passRetained(Box(body))
        let answer = cl_thread_start(
            { context in
                guard let context else { return }
                Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
            }, box.toOpaque())
        if answer < 0 { box.release() }
        try checked(answer, "start a thread")
    }

    /// Tells the calling thread from all others; never 0.
    public static var identity: UInt64 { cl_thread_identity() }
}

/// A value behind a lock, whose changes threads can wait for: a monitor (mutex and condition variable).
///
/// `@unchecked Sendable`: `value` is touched only between lock and unlock, and never leaves but as a `Sendable` result.
public final class Monitor<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let handle: UnsafeMutableRawPointer

    public init(_ value: Value) {
        self.value = value
        handle = cl_monitor_create()
    }

    deinit { cl_monitor_destroy(handle) }

    /// Calls `body` with the lock held. It must not block.
    public func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        cl_monitor_lock(handle)
        defer { cl_monitor_unlock(handle) }
        return body(&value)
    }

    /// Changes the value and wakes one waiting thread, or all of them.
    public func update(wakingAll: Bool = false, _ body: (inout Value) -> Void) {
        cl_monitor_lock(handle)
        body(&value)
        if wakingAll { cl_monitor_notify_all(handle) } else { cl_monitor_notify_one(handle) }
        cl_monitor_unlock(handle)
    }

    /// Blocks the calling thread until `body` gives something.
    public func wait<Result: Sendable>(until body: (inout Value) -> Result?) -> Result {
        cl_monitor_lock(handle)
        defer { cl_monitor_unlock(handle) }
        while true {
            if let result = body(&value) { return result }
            cl_monitor_wait(handle)
        }
    }
}
