internal import LineProtocol

/// What ps(1) prints, cut down to some processes. Pure.
enum ProcessTable {
    /// The rows of `output` that are about `processes`. Rows of a process's threads, which have no number of their own
    /// (`-m`), follow it.
    static func rows(of output: String, about processes: Set<Int32>) throws(ProtocolFailure) -> ContainerTop.Result {
        let lines = output.split(separator: "\n").map(fields)
        guard let titles = lines.first, let column = titles.firstIndex(of: "PID") else {
            throw ProtocolFailure(.invalidArgument, "Couldn't find PID field in ps output")
        }
        var rows: [[String]] = []
        var isWanted = false
        for line in lines.dropFirst() where line.count >= titles.count {
            if line[column] != "-" { isWanted = Int32(line[column]).map(processes.contains) ?? false }
            if isWanted { rows.append(row(line, titles.count)) }
        }
        return ContainerTop.Result(titles: titles, processes: rows)
    }

    private static func fields(_ line: Substring) -> [String] {
        line.split { $0 == " " || $0 == "\t" }.map(String.init)
    }

    /// The last column takes what is left: a command line has spaces.
    private static func row(_ fields: [String], _ count: Int) -> [String] {
        Array(fields[..<(count - 1)]) + [fields[(count - 1)...].joined(separator: " ")]
    }

    /// Refuses columns that are called PID and are not the process's number: they would show processes that are not
    /// the container's.
    static func check(_ options: [String]) throws(ProtocolFailure) {
        for option in options.joined(separator: " ").split(whereSeparator: { $0 == " " || $0 == "," }) {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[1].hasPrefix("PID"), parts[0] != "pid" {
                throw ProtocolFailure(.invalidArgument, "specifying \"\(option)\" is not allowed")
            }
        }
    }
}
