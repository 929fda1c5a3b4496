/// A moment: nanoseconds since the epoch, in text as RFC 3339 in UTC (`2026-11-24T03:04:05.123456789Z`).
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
    public static var now: Timestamp { Timestamp(nanoseconds: realTime()) }

    public static func < (one: Timestamp, other: Timestamp) -> Bool { one.nanoseconds < other.nanoseconds }

    /// Whole seconds since the epoch.
    public var seconds: Int64 { Int64(nanoseconds / 1_000_000_000) }

    public var description: String { String(decoding: utf8, as: UTF8.self) }

    /// The text with nine digits of a second, always 30 bytes, so that texts sort as moments do.
    public var utf8: [UInt8] {
        let (year, month, day) = Self.date(ofDay: seconds / 86_400)
        let second = seconds % 86_400
        var text: [UInt8] = []
        text.reserveCapacity(30)
        func append(_ value: Int64, digits: Int, then separator: Unicode.Scalar) {
            let start = text.count
            var rest = value
            for _ in 0..<digits {
                text.insert(UInt8(48 + rest % 10), at: start)
                rest /= 10
            }
            text.append(UInt8(ascii: separator))
        }
        append(year, digits: 4, then: "-")
        append(month, digits: 2, then: "-")
        append(day, digits: 2, then: "T")
        append(second / 3600, digits: 2, then: ":")
        append(second / 60 % 60, digits: 2, then: ":")
        append(second % 60, digits: 2, then: ".")
        append(Int64(nanoseconds % 1_000_000_000), digits: 9, then: "Z")
        return text
    }

    /// Reads RFC 3339 with any number of digits of a second and any offset; nil for anything else, and for what 64 bits
    /// of nanoseconds do not reach: before 1970 and after July 2554.
    public init?(_ text: String) {
        var scanner = Scanner(text)
        guard let year = scanner.number(digits: 4), scanner.take("-"), let month = scanner.number(digits: 2),
            scanner.take("-"), let day = scanner.number(digits: 2),
            scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.number(digits: 2), scanner.take(":"), let minute = scanner.number(digits: 2),
            scanner.take(":"), let second = scanner.number(digits: 2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        guard let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let total = Self.day(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard total >= 0 else { return nil }
        let (whole, isTooLate) = UInt64(total).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isJustTooLate) = whole.addingReportingOverflow(fraction)
        guard !isTooLate, !isJustTooLate else { return nil }
        nanoseconds = sum
    }

    /// Howard Hinnant's "chrono-compatible low-level date algorithms": civil date from days since the epoch.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private struct Scanner {
        private var rest: Substring.UTF8View
        init(_ text: String) { rest = text[...].utf8 }
        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digit() -> Int64? {
            guard let first = rest.first, (48...57).contains(first) else { return nil }
            rest.removeFirst()
            return Int64(first - 48)
        }

        mutating func number(digits: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        /// Nanoseconds after an optional point.
        mutating func fraction() -> UInt64? {
            guard take(".") else { return 0 }
            var value: UInt64 = 0
            var unit: UInt64 = 100_000_000
            guard let first = digit() else { return nil }
            value = UInt64(first) * unit
            while let next = digit() {
                unit /= 10
                value += UInt64(next) * unit
            }
            return value
        }

        /// Seconds east of Greenwich.
        mutating func offset() -> Int64? {
            if take("Z") || take("z") { return 0 }
            let sign: Int64 = take("-") ? -1 : 1
            guard sign == -1 || take("+"), let hours = number(digits: 2), take(":"), let minutes = number(digits: 2)
            else { return nil }
            return sign * (hours * 3600 + minutes * 60)
        }
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let moment = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an RFC 3339 date of the years 1970 to 2554")
        }
        self = moment
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
