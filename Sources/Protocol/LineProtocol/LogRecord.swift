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
    public static func encode(_ bytes: [UInt8], _ stream: Stream, at time: Timestamp) -> [UInt8] {
        var encoder = LogRecordEncoder()
        var line: [UInt8] = []
        encoder.append(bytes[...], stream, at: time, to: &line)
        return line
    }
}

/// Encodes one record after another. What those of one moment share is made once.
public struct LogRecordEncoder: Sendable {
    private static let head = Array(#"{"log":""#.utf8)
    private var stream = LogRecord.Stream.standardOutput
    private var time: Timestamp?
    private var tail: [UInt8] = []

    public init() {}

    /// Appends the line of a record to `lines`: as ``LogRecord/encode(_:_:at:)`` has it.
    public mutating func append(
        _ bytes: ArraySlice<UInt8>, _ stream: LogRecord.Stream, at time: Timestamp, to lines: inout [UInt8]
    ) {
        if time != self.time || stream != self.stream { prepare(stream, time) }
        lines += Self.head
        if bytes.allSatisfy({ $0 < 0x80 }) {
            Self.appendEscaped(bytes, to: &lines)
        } else {
            // Decoding repairs what is no UTF-8.
            Self.appendEscaped(Array(String(decoding: bytes, as: UTF8.self).utf8)[...], to: &lines)
        }
        lines += tail
    }

    private mutating func prepare(_ stream: LogRecord.Stream, _ time: Timestamp) {
        self.stream = stream
        self.time = time
        tail = Array(#"","stream":""#.utf8) + Array(stream.rawValue.utf8)
        tail += Array(#"","time":""#.utf8) + time.utf8 + Array("\"}\n".utf8)
    }

    private static func appendEscaped(_ bytes: ArraySlice<UInt8>, to lines: inout [UInt8]) {
        var rest = bytes
        while let special = rest.firstIndex(where: needsEscape) {
            lines += rest[..<special]
            lines += escapes[Int(rest[special])]
            rest = rest[(special + 1)...]
        }
        lines += rest
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
    }

    /// What stands for a byte, made once: binary output has many that need it.
    private static let escapes: [[UInt8]] = (0...UInt8.max).map(escape)

    private static func escape(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "\n"): Array(#"\n"#.utf8)
        case UInt8(ascii: "\r"): Array(#"\r"#.utf8)
        case UInt8(ascii: "\t"): Array(#"\t"#.utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
        default: Array(#"\u00"#.utf8) + [hexadecimal(byte >> 4), hexadecimal(byte & 15)]
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 87 + digit }
}
