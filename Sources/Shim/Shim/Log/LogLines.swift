import LinuxKernel

/// Cuts one stream's bytes into what a log record holds: a line with its newline, or a part of a line that is too
/// long for one record. The parts of a line share the moment of the first, as docker's do. Pure.
struct LogLines: Sendable {
    /// The most bytes of a record, docker's number.
    static let longestPart = 16 << 10

    private var begun: [UInt8] = []
    /// Set between the parts of one line.
    private var moment: Timestamp?

    /// Takes what was read at `now`, and gives what is whole to `record`.
    mutating func append(
        _ bytes: ArraySlice<UInt8>, at now: Timestamp, _ record: (ArraySlice<UInt8>, Timestamp) -> Void
    ) {
        var rest = bytes
        while !rest.isEmpty {
            let room = rest.prefix(Self.longestPart - begun.count)
            if let newline = room.firstIndex(of: UInt8(ascii: "\n")) {
                emit(rest[...newline], endsLine: true, at: now, record)
                rest = rest[(newline + 1)...]
            } else if room.count + begun.count == Self.longestPart {
                emit(room, endsLine: false, at: now, record)
                rest = rest[room.endIndex...]
            } else {
                begun += rest
                rest = []
            }
        }
    }

    /// The stream has ended: what has no newline is a record without one.
    mutating func finish(at now: Timestamp, _ record: (ArraySlice<UInt8>, Timestamp) -> Void) {
        if !begun.isEmpty { record(begun[...], moment ?? now) }
        self = LogLines()
    }

    private mutating func emit(
        _ tail: ArraySlice<UInt8>, endsLine: Bool, at now: Timestamp, _ record: (ArraySlice<UInt8>, Timestamp) -> Void
    ) {
        let whole = begun.isEmpty ? tail : (begun + tail)[...]
        let part = endsLine ? whole : whole.prefix(Self.lengthOfWholeCharacters(whole))
        record(part, moment ?? now)
        begun = Array(whole[part.endIndex...])
        moment = endsLine ? nil : (moment ?? now)
    }

    /// How many bytes to take so that no UTF-8 character is cut in two: each half alone would become U+FFFD. Bytes
    /// that are no UTF-8 are taken as they are.
    static func lengthOfWholeCharacters(_ bytes: ArraySlice<UInt8>) -> Int {
        for (behind, byte) in bytes.suffix(3).reversed().enumerated() {
            if byte & 0xc0 == 0x80 { continue }
            let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
            return length > behind + 1 ? bytes.count - behind - 1 : bytes.count
        }
        return bytes.count
    }
}
