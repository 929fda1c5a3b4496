/// When a terminal goes to a console socket, and when we carry it ourselves.
enum TerminalRules {
    static func check(wanted: Bool, detach: Bool, consoleSocket: String?) throws(RuntimeError) {
        if wanted, detach, consoleSocket == nil {
            throw RuntimeError(
                .invalidConfiguration, "cannot allocate tty if the runtime detaches: give --console-socket")
        }
        if consoleSocket != nil, !wanted || !detach {
            throw RuntimeError(
                .invalidConfiguration, "--console-socket is only for a process with a terminal, with --detach")
        }
    }
}
