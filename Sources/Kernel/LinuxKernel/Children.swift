internal import CLinux
internal import Glibc

/// Children that nobody holds a ``ProcessHandle`` of: what a subreaper inherits.
public enum Children {
    /// A child that has ended and was not waited for, which it stays (waitid(2), `P_ALL` with `WNOWAIT`); nil if there
    /// is none.
    public static func firstEnded() throws(SystemError) -> Int32? {
        let answer = cl_peek_ended_child()
        if answer == 0 || answer == -ECHILD { return nil }
        return try checked(answer, "waitid")
    }

    /// Takes the exit status of the ended child `pid`; nil if it still runs.
    public static func reap(_ pid: Int32) throws(SystemError) -> ExitStatus? {
        var exit = cl_exit()
        return try checked(cl_wait_pid(pid, &exit, WNOHANG), "wait", "process \(pid)") == 1 ? ExitStatus(exit) : nil
    }

    /// All children of this process, which has one thread (proc_pid_task_children(5)).
    public static func all() throws(SystemError) -> [Int32] {
        let path = "/proc/self/task/\(ThisProcess.pid)/children"
        let text = String(decoding: try Descriptor.workingDirectory.readFile(path), as: UTF8.self)
        return text.split(separator: " ").compactMap { Int32($0) }
    }
}
