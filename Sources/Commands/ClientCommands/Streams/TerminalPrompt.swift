internal import CommandKit
internal import LinuxKernel

/// Asks somebody at a terminal.
struct TerminalPrompt {
    private let input: Descriptor
    private let output: Descriptor

    init(_ input: Descriptor, _ output: Descriptor) {
        self.input = input
        self.output = output
    }

    /// A line that is shown as it is typed.
    func line(_ question: String) throws -> String {
        try output.writeAll(question)
        return try input.readLine()
    }

    /// A line that nobody sees. The terminal does nothing by itself meanwhile, so that no key can leave it silent.
    func secret(_ question: String) throws -> String {
        // First of all: somebody may type faster than the question comes.
        let terminal = try RawTerminal(input)
        defer { withExtendedLifetime(terminal) {} }
        try output.writeAll(question)
        var bytes: [UInt8] = []
        while let key = try input.read(upTo: 1).first {
            switch key {
            case Key.enter, Key.newLine, Key.end:
                try output.writeAll("\r\n")
                return String(decoding: bytes, as: UTF8.self)
            case Key.interrupt:
                try output.writeAll("\r\n")
                throw CommandFailure("interrupted", exitCode: 128 + Signal.interrupt)
            case Key.backspace, Key.delete: _ = bytes.popLast()
            case Key.clear: bytes = []
            default: bytes.append(key)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a terminal sends for them (ascii(7)).
    private enum Key {
        static let interrupt: UInt8 = 0x03
        static let end: UInt8 = 0x04
        static let backspace: UInt8 = 0x08
        static let newLine: UInt8 = 0x0a
        static let enter: UInt8 = 0x0d
        static let clear: UInt8 = 0x15
        static let delete: UInt8 = 0x7f
    }
}

extension Descriptor {
    /// The next line, without its end, and not a byte beyond it: what follows may be another program's.
    func readLine() throws(SystemError) -> String {
        var bytes: [UInt8] = []
        while let byte = try read(upTo: 1).first, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
