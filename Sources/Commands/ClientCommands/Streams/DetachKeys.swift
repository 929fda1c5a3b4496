internal import CommandKit

/// The keys that leave a container's terminal, and how far a user has typed them. Pure.
struct DetachKeys: Hashable, Sendable {
    /// Ctrl-P, Ctrl-Q.
    static let standard = DetachKeys(sequence: [0x10, 0x11])

    private let sequence: [UInt8]
    private var matched = 0

    private init(sequence: [UInt8]) { self.sequence = sequence }

    /// Reads `ctrl-p,ctrl-q`: letters, or `ctrl-` and one of `a`-`z @ [ \ ] ^ _`, with commas between them.
    init(_ text: String) throws(CommandFailure) {
        var sequence: [UInt8] = []
        for key in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let byte = Self.byte(of: key) else {
                throw refusal(
                    "invalid detach keys \(text): '\(key)' is neither a character nor ctrl- and one of a-z@[\\]^_")
            }
            sequence.append(byte)
        }
        self.sequence = sequence
    }

    private static func byte(of key: Substring) -> UInt8? {
        let bytes = Array(key.utf8)
        if bytes.count == 1 { return bytes[0] }
        guard key.hasPrefix("ctrl-"), bytes.count == 6, let last = bytes.last else { return nil }
        switch last {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return last - UInt8(ascii: "a") + 1
        case UInt8(ascii: "@"): return 0
        case UInt8(ascii: "[")...UInt8(ascii: "_"): return last - UInt8(ascii: "@")
        default: return nil
        }
    }

    /// Takes what was typed: the bytes to pass on, and whether the sequence is complete. Keys that may be its
    /// beginning are held back until it is clear that they are not.
    mutating func filter(_ typed: [UInt8]) -> (passed: [UInt8], isComplete: Bool) {
        var passed: [UInt8] = []
        for byte in typed {
            if byte != sequence[matched], matched > 0 {
                passed += sequence[..<matched]
                matched = 0
            }
            if byte == sequence[matched] {
                matched += 1
                if matched == sequence.count { return (passed, true) }
            } else {
                passed.append(byte)
            }
        }
        return (passed, false)
    }
}
