internal import CLinux
internal import Glibc

extension ThisProcess {
    /// execve(2): returns only to say why not.
    public static func execute(_ path: String, arguments: [String], environment: [String]) -> SystemError {
        let answer = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in cl_execve(path, arguments, environment) }
        }
        return SystemError(Errno(rawValue: -answer), "exec", path)
    }

    /// Executes an open file: execveat(2) with `AT_EMPTY_PATH`.
    public static func execute(_ file: Descriptor, arguments: [String], environment: [String]) -> SystemError {
        let answer = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                cl_execveat(file.number, "", arguments, environment, 0x1000)
            }
        }
        return SystemError(Errno(rawValue: -answer), "exec", arguments.first ?? "")
    }

    /// Closes all descriptors from `lowest` on when a program is executed (close_range(2)).
    public static func closeOnExecution(from lowest: CInt) throws(SystemError) {
        try checked(cl_close_range(UInt32(lowest), .max, 4), "close_range")  // CLOSE_RANGE_CLOEXEC
    }

    /// Closes all descriptors from `lowest` on, now, but for `kept`.
    public static func closeDescriptors(from lowest: CInt, except kept: [Descriptor]) throws(SystemError) {
        var first = UInt32(lowest)
        for number in Set(kept.map { UInt32($0.number) }).sorted() where number >= first {
            if number > first { try checked(cl_close_range(first, number - 1, 0), "close_range") }
            first = number + 1
        }
        try checked(cl_close_range(first, .max, 0), "close_range")
    }

    /// Ends at once at a signal by which people end programs, with 128 and its number: the first process of a pid
    /// namespace does not hear of one that it has no handler for. Executing a program ends this.
    public static func endBySignals() {
        for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { _ = signal(number) { number in _exit(128 + number) } }
    }

    /// Blocks the signals whose bits are set (bit n-1 is signal n), and no others.
    public static func setBlockedSignals(_ mask: UInt64) { _ = cl_set_blocked_signals(mask) }

    /// Puts `SIGPIPE` and the like back to what a new program expects.
    public static func restoreSignalHandling() {
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD] { _ = signal(number, SIG_DFL) }
        setBlockedSignals(0)
    }
}

extension Descriptor {
    /// Whether our effective user may execute `path` (faccessat2(2) with `AT_EACCESS`); nil if so.
    public func whyNotExecutable(_ path: String) -> Errno? {
        let answer = cl_access(number, path, X_OK)
        return answer < 0 ? Errno(rawValue: -answer) : nil
    }

    /// Makes descriptor `number` a second name of this one, kept open when a program is executed.
    public func install(as number: CInt) throws(SystemError) {
        if self.number == number { return try setCloseOnExec(false) }
        try checked(cl_dup3(self.number, number, 0), "dup3")
    }
}

extension Descriptor {
    /// This file, its position at the start.
    public func rewound() throws(SystemError) -> Descriptor {
        try seek(to: 0)
        return self
    }
}
