import LinuxKernel

/// Processes that tests started and that nobody waits for any more. This process is their subreaper: whatever
/// a program under test leaves running becomes its child, and nothing gets lost.
public enum Orphans {
    private static let adopted: Void = { try? ThisProcess.becomeSubreaper() }()
    static func adopt() { adopted }

    /// Living descendants of this process, described; those that have ended are reaped on the way: nobody may wait
    /// for one of them at the same time.
    public static func living() -> [(pid: Int32, description: String)] {
        for pid in children(of: ThisProcess.pid) where isZombie(pid) {
            if let process = try? ProcessHandle(opening: pid) { _ = try? process.poll() }
        }
        return descendants()
    }

    /// Reaps what has ended in containers, without `first`, somebody's own to wait for. Engines do so all the time: a pid
    /// namespace has ended only when all in it are reaped, also what a runtime that failed has left.
    static func reapInContainers(except first: Int32) {
        for pid in children(of: ThisProcess.pid) where pid != first && isZombie(pid) {
            let status = (try? Files.read("/proc/\(pid)/status")) ?? ""
            let numbers = status.split(separator: "\n").first { $0.hasPrefix("NSpid:") }
            guard let numbers, numbers.split(separator: "\t").count > 2 else { continue }
            if let process = try? ProcessHandle(opening: pid) { _ = try? process.poll() }
        }
    }

    /// Descendants of this process that have not ended, described.
    public static func descendants() -> [(pid: Int32, description: String)] {
        var found: [(pid: Int32, description: String)] = []
        for pid in children(of: ThisProcess.pid) where !isZombie(pid) { collect(pid, &found) }
        return found
    }

    /// Kills all of them; for after a test that failed, so that the next one starts from nothing.
    public static func killAll() throws {
        try eventually("every process that the test left is gone") {
            let left = living()
            for (pid, _) in left {
                let process = try? ProcessHandle(opening: pid)
                try? process?.signal(Signal.kill)
            }
            return left.isEmpty
        }
    }

    private static func collect(_ pid: Int32, _ found: inout [(pid: Int32, description: String)]) {
        found.append((pid, "\(pid) \(commandLine(pid))"))
        for child in children(of: pid) { collect(child, &found) }
    }

    private static func children(of pid: Int32) -> [Int32] {
        Files.names(in: "/proc/\(pid)/task").flatMap { task in
            ((try? Files.read("/proc/\(pid)/task/\(task)/children")) ?? "").split(separator: " ").compactMap {
                Int32($0)
            }
        }
    }

    private static func isZombie(_ pid: Int32) -> Bool {
        let status = (try? Files.read("/proc/\(pid)/status")) ?? ""
        return status.contains("\nState:\tZ")
    }

    private static func commandLine(_ pid: Int32) -> String {
        let words = (try? Files.read("/proc/\(pid)/cmdline")) ?? ""
        return words.split(separator: "\0").joined(separator: " ")
    }
}
