internal import CLinux
internal import Glibc

public struct TerminalSize: Hashable, Sendable {
    public var columns: UInt16
    public var rows: UInt16
    public init(columns: UInt16, rows: UInt16) {
        self.columns = columns
        self.rows = rows
    }
}

/// A terminal's settings, to give back what was there (tcgetattr(3)).
public struct TerminalState: Sendable { let bytes: [UInt8] }

extension Descriptor {
    public var isTerminal: Bool { cl_is_terminal(number) == 1 }

    public func terminalSize() throws(SystemError) -> TerminalSize {
        var columns: UInt16 = 0
        var rows: UInt16 = 0
        try checked(cl_terminal_size(number, &columns, &rows), "TIOCGWINSZ")
        return TerminalSize(columns: columns, rows: rows)
    }

    public func setTerminalSize(_ size: TerminalSize) throws(SystemError) {
        try checked(cl_set_terminal_size(number, size.columns, size.rows), "TIOCSWINSZ")
    }

    /// Raw mode (cfmakeraw(3)); returns what was there before.
    public func makeTerminalRaw() throws(SystemError) -> TerminalState {
        var bytes = [UInt8](repeating: 0, count: Int(cl_terminal_state_size()))
        try checked(cl_terminal_make_raw(number, &bytes), "tcsetattr")
        return TerminalState(bytes: bytes)
    }

    /// Lets a newline that a program writes be one, without a carriage return before it (`ONLCR` of termios(3)).
    public func keepNewlines() throws(SystemError) { try checked(cl_terminal_keep_newlines(number), "tcsetattr") }

    public func restoreTerminal(_ state: TerminalState) throws(SystemError) {
        try checked(cl_terminal_restore(number, state.bytes), "tcsetattr")
    }

    /// Makes this terminal the controlling one of our session (`TIOCSCTTY`).
    public func becomeControllingTerminal() throws(SystemError) {
        try checked(cl_set_controlling_terminal(number), "TIOCSCTTY")
    }
}

/// A new pseudoterminal: pty(7).
public struct Pseudoterminal: ~Copyable {
    public let master: OwnedDescriptor
    public init(multiplexer path: String = "/dev/ptmx") throws(SystemError) {
        master = OwnedDescriptor(owning: try checked(cl_open_terminal(path), "open", path))
    }
    /// The other end, opened without a path (`TIOCGPTPEER`).
    public func openPeer() throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(owning: try checked(cl_terminal_peer(master.number), "TIOCGPTPEER"))
    }
    /// N of `/dev/pts/N`.
    public func number() throws(SystemError) -> CInt { try checked(cl_terminal_number(master.number), "TIOCGPTN") }
    public consuming func releaseMaster() -> OwnedDescriptor { master }
}

extension Pseudoterminal {
    /// From `/dev/pts/ptmx`, opened by the caller.
    public init(adopting multiplexer: consuming OwnedDescriptor) throws(SystemError) {
        try checked(cl_unlock_terminal(multiplexer.number), "TIOCSPTLCK")
        master = multiplexer
    }
}
