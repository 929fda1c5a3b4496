internal import CommandKit
internal import LinuxKernel

extension Timestamp {
    /// `5 minutes`, between this moment and `now`.
    func age(at now: Timestamp) -> String {
        HumanDuration.describe(nanoseconds: now > self ? now.nanoseconds - nanoseconds : 0)
    }

    /// `2026-11-24 03:04:05 +0000 UTC`, as Go prints a moment.
    var goText: String {
        let text = description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " +0000 UTC"
    }
}
