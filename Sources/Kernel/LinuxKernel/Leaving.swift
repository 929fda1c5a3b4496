internal import CLinux
internal import Glibc

extension ThisProcess {
    /// exit(3): the lowest eight bits of `code` become the exit status.
    public static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    /// Ends this process by a signal, as if nobody had handled it, so that a shell sees what happened.
    public static func die(by signal: CInt) -> Never {
        _ = Glibc.signal(signal, SIG_DFL)
        _ = cl_set_blocked_signals(0)
        _ = raise(signal)
        Glibc.exit(128 + signal)
    }

    /// Opens `/dev/null` for each of descriptors 0, 1 and 2 that is closed: what is opened later must not become
    /// somebody's standard output by accident.
    public static func fillStandardDescriptors() {
        while true {
            let answer = cl_openat(AT_FDCWD, "/dev/null", O_RDWR, 0)
            guard answer >= 0 else { return }
            if answer > 2 {
                _ = cl_close(answer)
                return
            }
        }
    }
}
