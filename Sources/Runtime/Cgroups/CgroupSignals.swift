internal import LinuxKernel

/// Signals to all processes of a cgroup.
enum CgroupSignals {
    /// Frozen, the processes cannot fork while they are counted. Where that fails the list is read until it holds
    /// nobody who was not yet signalled.
    static func send(_ signal: Int32, manager: some CgroupManager) throws(CgroupError) {
        let wasFrozen = (try? manager.isFrozen()) ?? false
        let freezes = !wasFrozen && (try? manager.freeze()) != nil
        defer { if freezes || (wasFrozen && signal == Signal.kill) { try? manager.thaw() } }
        var done: Set<Int32> = []
        for _ in 0..<100 {
            let fresh = try manager.processes().filter { done.insert($0).inserted }
            if fresh.isEmpty { return }
            for process in fresh { try signalOne(process, signal) }
        }
    }

    private static func signalOne(_ process: Int32, _ signal: Int32) throws(CgroupError) {
        // A number of 0 stands for a process of another process namespace, which cannot be named.
        guard process > 0 else { return }
        do { try sendSignal(signal, toProcess: process) } catch {
            guard error.errno != .noProcess else { return }
            throw CgroupError("cannot signal process \(process)", error)
        }
    }
}
