import Harness
import LinuxKernel

/// A container of the harness, and what is known of it. It counts without end, into its output and, so that the two can
/// be compared, into a file that it shares with the host; on SIGTERM it ends with a code of its own.
struct Boat {
    enum Fate: Equatable {
        case running(pid: Int32)
        /// It has been, or will be in a moment.
        case ended(code: Int32)
    }

    let name: String
    let code: Int32
    /// On the host.
    let counts: String
    var fate: Fate
    /// How many lines of its log were there when it was last looked at.
    var lines = 0

    var isRunning: Bool { if case .running = fate { true } else { false } }

    static func script(name: String, code: Int32) -> String {
        // The file first: a line that was never written to the output is missing in the log with good reason.
        """
        trap 'exit \(code)' TERM
        i=0
        while :; do i=$((i+1)); echo $i >> /shared/\(name); echo $i; sleep 0.02; done
        """
    }

    /// Throws when `log` is not 1, 2, 3, … up to what was written, or holds less than it once did.
    func check(log: [String]) throws {
        try check(beginning: log)
        guard log.count >= lines else {
            throw HarnessError("\(name): the log had \(lines) lines and has \(log.count) now")
        }
        guard !isRunning else { return }
        let written = try Files.read(counts).split(separator: "\n").count
        // The last count may have been written to the file alone.
        guard log.count == written || log.count == written - 1 else {
            throw HarnessError("\(name): \(written) lines were written, \(log.count) are in the log")
        }
    }

    /// Throws when `log` is not 1, 2, 3, … as far as it goes.
    func check(beginning log: [String]) throws {
        for (number, line) in log.enumerated() where line != "\(number + 1)" {
            throw HarnessError("\(name): line \(number + 1) of the log is \"\(line)\"")
        }
    }
}
