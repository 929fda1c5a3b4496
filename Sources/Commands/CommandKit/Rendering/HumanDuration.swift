/// How long ago, as docker writes it: `5 seconds`, `About a minute`, `3 weeks`.
public enum HumanDuration {
    public static func describe(nanoseconds: UInt64) -> String {
        let seconds = Int(nanoseconds / 1_000_000_000)
        // Hours are rounded up from the half; all else is cut.
        let hours = (seconds + 1800) / 3600
        switch seconds {
        case ..<1: return "Less than a second"
        case 1: return "1 second"
        case ..<60: return "\(seconds) seconds"
        case ..<120: return "About a minute"
        case ..<3600: return "\(seconds / 60) minutes"
        default: return describe(hours: hours, wholeHours: seconds / 3600)
        }
    }

    private static func describe(hours: Int, wholeHours: Int) -> String {
        switch hours {
        case ..<2: "About an hour"
        case ..<48: "\(hours) hours"
        case ..<(24 * 7 * 2): "\(hours / 24) days"
        case ..<(24 * 30 * 2): "\(hours / 24 / 7) weeks"
        case ..<(24 * 365 * 2): "\(hours / 24 / 30) months"
        default: "\(wholeHours / 24 / 365) years"
        }
    }
}
