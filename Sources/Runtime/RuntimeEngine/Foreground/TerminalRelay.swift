internal import LinuxKernel

/// Carries bytes between our own standard streams and a container's terminal.
final class TerminalRelay {
    private let master: Descriptor
    private var saved: TerminalState?
    /// Typed and not yet taken by the terminal.
    private var typed: [UInt8] = []
    private var isInputOpen = true
    private var isOutputOpen = true
    private static let portion = 16 * 1024

    init(_ master: Descriptor) throws(SystemError) {
        self.master = master
        try master.setNonBlocking()
        // Our own terminal, or whoever reads a pipe of ours, sees what the program wrote.
        try master.keepNewlines()
        if Descriptor.standardInput.isTerminal { saved = try Descriptor.standardInput.makeTerminalRaw() }
        resize()
    }

    func restore() {
        if let saved { try? Descriptor.standardInput.restoreTerminal(saved) }
        saved = nil
    }

    /// Our own terminal's size is the container's.
    func resize() {
        for stream in [Descriptor.standardInput, .standardOutput, .standardError] {
            guard let size = try? stream.terminalSize() else { continue }
            try? master.setTerminalSize(size)
            return
        }
    }

    /// What to wait for: input while there is room for it, and the terminal.
    var requests: [PollRequest] {
        let input = PollRequest(
            isInputOpen && typed.isEmpty ? .standardInput : Descriptor(number: -1), for: .readable)
        let wanted: PollEvents = typed.isEmpty ? .readable : [.readable, .writable]
        return [input, PollRequest(isOutputOpen ? master : Descriptor(number: -1), for: wanted)]
    }

    func handle(_ requests: [PollRequest]) throws(SystemError) {
        if !requests[0].happened.isEmpty { try takeInput() }
        if requests[1].happened.contains(.writable) { try passInput() }
        if !requests[1].happened.subtracting(.writable).isEmpty { _ = try passOutput() }
    }

    private func takeInput() throws(SystemError) {
        typed = try Descriptor.standardInput.read(upTo: Self.portion)
        if typed.isEmpty { isInputOpen = false }
        try passInput()
    }

    private func passInput() throws(SystemError) {
        while !typed.isEmpty {
            do throws(SystemError) { typed.removeFirst(try master.write(typed[...])) } catch {
                if error.errno == .again { return }
                typed = []
                isInputOpen = false
            }
        }
    }

    /// False once there is nothing at the moment, or for good.
    private func passOutput() throws(SystemError) -> Bool {
        let bytes: [UInt8]
        do { bytes = try master.read(upTo: Self.portion) } catch {
            // EIO: nobody has the other end open any more.
            if error.errno != .again { isOutputOpen = false }
            return false
        }
        if bytes.isEmpty { isOutputOpen = false }
        // A reader of ours that went away must not keep the container from running.
        do { try Descriptor.standardOutput.writeAll(bytes) } catch { if error.errno != .brokenPipe { throw error } }
        return !bytes.isEmpty
    }

    /// What the process wrote before it ended.
    func drain() throws(SystemError) {
        while isOutputOpen, try passOutput() {}
    }
}
