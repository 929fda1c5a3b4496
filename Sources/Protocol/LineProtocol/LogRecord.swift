public import LinuxKernel

/// A line of a container's log: docker's `json-file` format, one JSON object a line, so that collectors read it.
public struct LogRecord: Codable, Sendable, Hashable {
    public enum Stream: String, Codable, Sendable {
        case standardOutput = "stdout"
        case standardError = "stderr"
    }

    /// With its newline; a line longer than 16 KiB comes in parts, of which only the last one has one.
    public var log: String
    public var stream: Stream
    public var time: Timestamp

    public init(log: String, stream: Stream, time: Timestamp) {
        self.log = log
        self.stream = stream
        self.time = time
    }

    /// The line in the file, newline included. `bytes` that are no UTF-8 become U+FFFD, as in docker's.
    public static func encode(_ bytes: some Collection<UInt8>, _ stream: Stream, at time: Timestamp) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(bytes.count + 80)
        line += Array(#"{"log":""#.utf8)
        appendEscaped(bytes, to: &line)
        line += Array(#"","stream":""#.utf8)
        line += Array(stream.rawValue.utf8)
        line += Array(#"","time":""#.utf8)
        line += time.utf8
        line += Array("\"}\n".utf8)
        return line
    }

    private static func appendEscaped(_ bytes: some Collection<UInt8>, to line: inout [UInt8]) {
        let isPlain = bytes.allSatisfy { $0 < 0x80 }
        if isPlain {
            for byte in bytes { appendEscaped(byte, to: &line) }
        } else {
            for byte in String(decoding: bytes, as: UTF8.self).utf8 { appendEscaped(byte, to: &line) }
        }
    }

    private static func appendEscaped(_ byte: UInt8, to line: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\n"): line += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case UInt8(ascii: "\r"): line += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case UInt8(ascii: "\t"): line += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
        case 0..<0x20, 0x7f: line += Array("\\u00".utf8) + [hexadecimal(byte >> 4), hexadecimal(byte & 15)]
        default: line.append(byte)
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 87 + digit }
}
