internal import LinuxKernel

/// A terminal in raw mode, put back as it was when this goes away.
final class RawTerminal {
    private let terminal: Descriptor
    private let before: TerminalState

    init(_ terminal: Descriptor) throws(SystemError) {
        self.terminal = terminal
        before = try terminal.makeTerminalRaw()
    }

    deinit { try? terminal.restoreTerminal(before) }
}
