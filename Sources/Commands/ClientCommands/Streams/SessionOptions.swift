internal import LineProtocol
internal import LinuxKernel

/// How a client takes part in a process's streams.
struct SessionOptions {
    /// The process has a terminal.
    var terminal = false
    var keys = DetachKeys.standard
    /// Signals that the client gets are passed on to the process.
    var proxiesSignals = true
    /// The terminal was not ours before: make the program in it draw itself anew.
    var redraws = false

    /// Those that a user or a shell sends to a program. SIGTTIN and SIGTTOU stay the client's own.
    static let proxiedSignals = [
        Signal.hangUp, Signal.interrupt, Signal.quit, Signal.terminate, Signal.user1, Signal.user2, Signal.alarm,
        Signal.terminalStop, Signal.continue,
    ]
    /// Those that end the client, and must not leave the terminal raw behind.
    static let endingSignals = [Signal.hangUp, Signal.interrupt, Signal.quit, Signal.terminate]
}

/// How a session ended.
enum SessionEnd {
    case exited(ExitRecord)
    /// By the detach keys: the process goes on.
    case detached
    /// The client's standard output is closed.
    case outputClosed
    /// The client was told to go.
    case signaled(CInt)
}
