internal import CLinux
internal import Glibc

/// How a process ended.
public struct ExitStatus: Hashable, Sendable {
    public enum Cause: Hashable, Sendable { case exited(UInt8), signaled(CInt, coreDumped: Bool) }
    public let pid: Int32
    public let cause: Cause

    init(_ exit: cl_exit) {
        pid = exit.pid
        cause =
            exit.code == CLD_EXITED
            ? .exited(UInt8(truncatingIfNeeded: exit.status))
            : .signaled(exit.status, coreDumped: exit.code == CLD_DUMPED)
    }

    /// What a shell reports: the exit status, or 128 plus the signal's number.
    public var shellCode: Int32 {
        switch cause {
        case .exited(let status): Int32(status)
        case .signaled(let signal, _): 128 + signal
        }
    }
}

/// A process held by a pidfd, so that its number cannot be taken by another behind our back.
public struct ProcessHandle: ~Copyable, Sendable {
    public let pid: Int32
    /// Readable when the process has ended.
    public let descriptor: OwnedDescriptor

    public init(pid: Int32, owning descriptor: consuming OwnedDescriptor) {
        self.pid = pid
        self.descriptor = descriptor
    }

    public init(opening pid: Int32) throws(SystemError) {
        self.pid = pid
        descriptor = OwnedDescriptor(owning: try checked(cl_pidfd_open(pid, 0), "pidfd_open", "\(pid)"))
    }

    public func signal(_ number: CInt) throws(SystemError) {
        try checked(cl_pidfd_send_signal(descriptor.number, number), "signal", "process \(pid)")
    }

    /// A copy of a descriptor of the process's: pidfd_getfd(2).
    public func copyDescriptor(_ number: CInt) throws(SystemError) -> OwnedDescriptor {
        let answer = cl_pidfd_getfd(descriptor.number, number)
        return OwnedDescriptor(owning: try checked(answer, "pidfd_getfd", "descriptor \(number) of process \(pid)"))
    }

    /// Waits for this child to end and reaps it.
    public func wait() throws(SystemError) -> ExitStatus {
        var exit = cl_exit()
        try checked(cl_wait_pidfd(descriptor.number, &exit, 0), "wait", "process \(pid)")
        return ExitStatus(exit)
    }

    /// Reaps this child if it has ended.
    public func poll() throws(SystemError) -> ExitStatus? {
        var exit = cl_exit()
        return try checked(cl_wait_pidfd(descriptor.number, &exit, WNOHANG), "wait", "process \(pid)") == 1
            ? ExitStatus(exit) : nil
    }
}

/// A program to start: what execve(2) needs, and which of our descriptors become its own.
public struct SpawnRequest: Sendable {
    public var path: String
    /// With the program's own name first.
    public var arguments: [String]
    public var environment: [String]
    /// Element `n` becomes descriptor `n`; nil leaves it closed. All others are closed.
    public var descriptors: [Descriptor?]
    public var directory: String?
    public var startsSession: Bool

    public init(
        path: String, arguments: [String], environment: [String], descriptors: [Descriptor?], directory: String? = nil,
        startsSession: Bool = false
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.descriptors = descriptors
        self.directory = directory
        self.startsSession = startsSession
    }

    /// Starts it. Throws what execve(2) said when the program cannot be run.
    public func spawn() throws(SystemError) -> ProcessHandle {
        var pidfd: CInt = -1
        let numbers = descriptors.map { $0?.number ?? -1 }
        let pid = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                withOptionalCString(directory) { directory in
                    cl_spawn(
                        path, arguments, environment, numbers, CInt(numbers.count), directory, startsSession ? 1 : 0,
                        &pidfd)
                }
            }
        }
        try checked(pid, "start", path)
        return ProcessHandle(pid: pid, owning: OwnedDescriptor(owning: pidfd))
    }
}

/// Calls `body` with a null-terminated array of C strings.
func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        body(buffer.baseAddress!)  // Never empty: the terminating nil is there.
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString(body)
}

// MARK: Signals

/// The numbers of signal(7) that programs of ours handle or send.
public enum Signal {
    public static let hangUp = SIGHUP
    public static let interrupt = SIGINT
    public static let quit = SIGQUIT
    public static let kill = SIGKILL
    public static let terminate = SIGTERM
    public static let child = SIGCHLD
    public static let windowChange = SIGWINCH
    public static let pipe = SIGPIPE
    public static let user1 = SIGUSR1
    public static let user2 = SIGUSR2
    public static let alarm = SIGALRM
    public static let terminalStop = SIGTSTP
    public static let `continue` = SIGCONT

    /// As the C library has it, in lower case: "bad system call".
    public static func words(for number: CInt) -> String { String(cString: strsignal(number)).lowercased() }

    private static let names: [String: CInt] = [
        "HUP": SIGHUP, "INT": SIGINT, "QUIT": SIGQUIT, "ILL": SIGILL, "TRAP": SIGTRAP, "ABRT": SIGABRT,
        "IOT": SIGABRT, "BUS": SIGBUS, "FPE": SIGFPE, "KILL": SIGKILL, "USR1": SIGUSR1, "SEGV": SIGSEGV,
        "USR2": SIGUSR2, "PIPE": SIGPIPE, "ALRM": SIGALRM, "TERM": SIGTERM, "STKFLT": 16, "CHLD": SIGCHLD,
        "CLD": SIGCHLD, "CONT": SIGCONT, "STOP": SIGSTOP, "TSTP": SIGTSTP, "TTIN": SIGTTIN, "TTOU": SIGTTOU,
        "URG": SIGURG, "XCPU": SIGXCPU, "XFSZ": SIGXFSZ, "VTALRM": SIGVTALRM, "PROF": SIGPROF,
        "WINCH": SIGWINCH, "IO": SIGIO, "POLL": SIGIO, "PWR": SIGPWR, "SYS": SIGSYS,
    ]

    /// The number that `text` names: `9`, `KILL`, `SIGKILL`, `sigkill`, `RTMIN+3`; nil if none (1 to 64).
    public static func number(named text: String) -> CInt? {
        if let number = CInt(text) { return (1...64).contains(number) ? number : nil }
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if let number = names[name] { return number }
        if name == "RTMIN" { return 34 }
        if name == "RTMAX" { return 64 }
        if name.hasPrefix("RTMIN+"), let offset = CInt(name.dropFirst(6)), (0...30).contains(offset) {
            return 34 + offset
        }
        if name.hasPrefix("RTMAX-"), let offset = CInt(name.dropFirst(6)), (0...30).contains(offset) {
            return 64 - offset
        }
        return nil
    }
}

/// Blocks some signals and reads them from a descriptor instead (signalfd(2)).
public struct SignalDescriptor: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor

    public init(_ signals: [CInt]) throws(SystemError) {
        let mask = signals.reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
        descriptor = OwnedDescriptor(owning: try checked(cl_signalfd(mask), "signalfd"))
    }

    /// The next signal that arrived, or nil if there is none.
    public func next() throws(SystemError) -> CInt? {
        let answer = cl_signalfd_read(descriptor.number)
        return answer == -EAGAIN ? nil : try checked(answer, "read signal")
    }
}

/// Signals as bytes of a pipe, for programs with threads, one a process.
///
/// signalfd(2) wants a signal blocked in all threads. The main thread of a program with an `async` main waits in
/// sigsuspend(2) with none blocked (Dispatch's `dispatch_main`), and whatever it blocked before is moot.
public struct SignalPipe: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor

    public init(_ signals: [CInt]) throws(SystemError) {
        let mask = signals.reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
        descriptor = OwnedDescriptor(owning: try checked(cl_signal_pipe(mask), "handle signals"))
    }

    /// The next signal that arrived, or nil if there is none.
    public func next() throws(SystemError) -> CInt? {
        do { return try descriptor.descriptor.read(upTo: 1).first.map(CInt.init) } catch {
            guard error.errno == .again else { throw error }
            return nil
        }
    }
}

public func ignoreSignal(_ number: CInt) { _ = cl_ignore_signal(number) }

/// Sends a signal by number: only to processes that cannot have been replaced (children, or oneself).
public func sendSignal(_ number: CInt, toProcess pid: Int32) throws(SystemError) {
    try checked(cl_kill(pid, number), "signal", "process \(pid)")
}

// MARK: Clocks

/// Nanoseconds since the epoch (`CLOCK_REALTIME`).
public func realTime() -> UInt64 { cl_clock(CLOCK_REALTIME) }
/// Nanoseconds since some moment that never moves (`CLOCK_MONOTONIC`).
public func monotonicTime() -> UInt64 { cl_clock(CLOCK_MONOTONIC) }

// MARK: This process

public enum ThisProcess {
    public static var pid: Int32 { getpid() }
    public static var effectiveUser: UInt32 { geteuid() }
    public static var effectiveGroup: UInt32 { getegid() }

    /// `NAME=value`, as environ(7) has it.
    public static var environment: [String] {
        var result: [String] = []
        var next = environ
        while let entry = next.pointee {
            result.append(String(cString: entry))
            next += 1
        }
        return result
    }

    /// The words of the command line, the program's name first. Swift's `CommandLine.arguments` searches /proc/self/maps
    /// for them, which takes as long as a hundred system calls.
    public static var arguments: [String] {
        (0..<cl_argument_count()).map { String(cString: cl_argument($0)) }
    }

    public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The program that this process runs.
    public static func executablePath() throws(SystemError) -> String {
        try Descriptor.workingDirectory.readSymbolicLink("/proc/self/exe")
    }

    public static func setFileCreationMask(_ mask: UInt32) { _ = umask(mask) }

    /// Orphaned descendants become our children (prctl(2), `PR_SET_CHILD_SUBREAPER`).
    public static func becomeSubreaper() throws(SystemError) {
        try checked(cl_prctl(36, 1, 0, 0, 0), "prctl PR_SET_CHILD_SUBREAPER")
    }
}
