import LinuxKernel

/// Reaps every child of this subreaper exactly once. Children that somebody waits for are held by pidfds and are
/// reaped through those; nobody calls `wait4(-1)`, which would take their exit status away. All others, orphans that
/// the kernel gave us, are looked at one by one and reaped by their pid.
final class ChildWatch {
    /// A child that somebody waits for.
    private final class Watched {
        let handle: ProcessHandle
        let onEnd: (ExitStatus?) -> Void
        var token: EventLoop.Token = 0

        init(_ handle: consuming ProcessHandle, onEnd: @escaping (ExitStatus?) -> Void) {
            self.handle = handle
            self.onEnd = onEnd
        }
    }

    private let loop: EventLoop
    private let signals: SignalDescriptor
    private var watched: [Int32: Watched] = [:]
    private var expected = 0

    init(loop: EventLoop) throws(SystemError) {
        self.loop = loop
        signals = try SignalDescriptor([Signal.child])
        _ = try loop.watch(signals.descriptor.descriptor, for: .readable) { [unowned self] _ in
            while let _ = try? signals.next() {}
            reapOrphans()
        }
    }

    /// Calls `onEnd` once `child` has ended, with nil if its status could not be had.
    func watch(_ child: consuming ProcessHandle, onEnd: @escaping (ExitStatus?) -> Void) throws(SystemError) {
        let pid = child.pid
        let entry = Watched(child, onEnd: onEnd)
        entry.token = try loop.watch(entry.handle.descriptor.descriptor, for: .readable) { [unowned self] _ in
            finish(entry)
        }
        watched[pid] = entry
    }

    /// Sends a signal to a watched child; one that is not watched any more is `ESRCH`.
    func signal(_ number: Int32, to pid: Int32) throws(SystemError) {
        guard let entry = watched[pid] else { throw SystemError(.noProcess, "signal", "process \(pid)") }
        try entry.handle.signal(number)
    }

    /// A runtime is starting a process that will be ours, and whose pid it has yet to tell: until
    /// ``settleExpectation()`` no unknown child is reaped, since it could be that one.
    func expectChild() { expected += 1 }

    func settleExpectation() {
        expected -= 1
        loop.afterThis { [unowned self] in reapOrphans() }
    }

    private func finish(_ entry: Watched) {
        let status: ExitStatus?
        do {
            guard let ended = try entry.handle.poll() else { return }
            status = ended
        } catch {
            status = nil  // Not our child after all: nobody can tell its status.
        }
        loop.forget(entry.handle.descriptor.descriptor, entry.token)
        watched[entry.handle.pid] = nil
        entry.onEnd(status)
    }

    /// `P_ALL` with `WNOWAIT` shows the first of the ended children and leaves it there.
    private func reapOrphans() {
        while let pid = try? Children.firstEnded() {
            if let entry = watched[pid] {
                finish(entry)
            } else if expected > 0 {
                return
            } else if (try? Children.reap(pid)) == nil {
                return
            }
        }
    }
}
