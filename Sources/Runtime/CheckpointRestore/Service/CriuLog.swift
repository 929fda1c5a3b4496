/// What of CRIU's log tells why it failed: as `grep -n -B5 Error` shows it.
public enum CriuLog {
    private static let linesBefore = 5

    /// The lines that have an error, and some before each, with their numbers; `...` where lines are left out.
    public static func excerpt(_ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var shown: [String] = []
        var next = 0
        for (index, line) in lines.enumerated() where line.contains("Error") {
            let start = max(next, index - linesBefore)
            if start > next, !shown.isEmpty { shown.append("...") }
            shown += (start...index).filter { !lines[$0].isEmpty }.map { "\($0 + 1):\(lines[$0])" }
            next = index + 1
        }
        return shown
    }
}
