internal import CommandKit
internal import LinuxKernel

/// A moment as docker's `--since` and `--until` take it: a date, seconds since the epoch, or how long ago (`1h30m`).
enum MomentArgument {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12),
    ]

    static func parse(_ text: String, now: Timestamp = .now) throws(CommandFailure) -> Timestamp {
        if let duration = nanoseconds(text) {
            return Timestamp(nanoseconds: duration < now.nanoseconds ? now.nanoseconds - duration : 0)
        }
        if let moment = epoch(text) ?? date(text) { return moment }
        throw CommandFailure(
            "invalid time '\(text)': it must be a date (2026-11-24T03:04:05Z), seconds since the epoch or a duration (1h30m)"
        )
    }

    /// Go's durations: `1h30m`, `1.5s`, `100ms`; nil for anything else.
    static func nanoseconds(_ text: String) -> UInt64? {
        var rest = text[...]
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let word = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(word.count)
            guard let value = Double(number), let unit = units.first(where: { $0.name == word }) else { return nil }
            total += value * unit.nanoseconds
        }
        return total < 1e19 ? UInt64(total) : nil
    }

    /// `1136073845.000000001`
    private static func epoch(_ text: String) -> Timestamp? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds = parts.first.flatMap({ UInt64($0) }), seconds < 1 << 34 else { return nil }
        guard parts.count == 2 else { return Timestamp(nanoseconds: seconds * 1_000_000_000) }
        guard !parts[1].isEmpty, parts[1].count <= 9,
            let fraction = UInt64(parts[1] + String(repeating: "0", count: 9 - parts[1].count))
        else { return nil }
        return Timestamp(nanoseconds: seconds * 1_000_000_000 + fraction)
    }

    /// RFC 3339, and shorter: without a zone it is UTC, without a time of day it is midnight.
    private static func date(_ text: String) -> Timestamp? {
        Timestamp(text) ?? Timestamp(text + "Z") ?? Timestamp(text + ":00Z") ?? Timestamp(text + "T00:00:00Z")
    }
}
