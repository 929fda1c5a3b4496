internal import LinuxKernel

/// A container's first process, told apart from a later one of the same number by when it started.
struct FirstProcess: Hashable {
    let pid: Int32
    /// Clock ticks since boot: field 22 of proc_pid_stat(5).
    let startTime: UInt64

    /// The process that has number `pid` now; nil if there is none, or only a zombie.
    static func running(_ pid: Int32) -> FirstProcess? {
        guard let bytes = try? Descriptor.workingDirectory.readFile("/proc/\(pid)/stat", limit: 4096) else {
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        // The name, in brackets, may hold anything.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let startTime = UInt64(fields[19]), !["Z", "X", "x"].contains(fields[0]) else {
            return nil
        }
        return FirstProcess(pid: pid, startTime: startTime)
    }

    var isRunning: Bool { Self.running(pid) == self }

    /// A handle of it, which it cannot leave behind for another process; nil if it has ended.
    func handle() throws(SystemError) -> ProcessHandle? {
        do {
            let handle = try ProcessHandle(opening: pid)
            return isRunning ? consume handle : nil
        } catch {
            if error.errno == .noProcess { return nil }
            throw error
        }
    }

    var line: String { "\(pid) \(startTime)\n" }

    init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }

    init?(line: [UInt8]) {
        let fields = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard fields.count == 2, let pid = Int32(fields[0]), let startTime = UInt64(fields[1]) else { return nil }
        self.init(pid: pid, startTime: startTime)
    }
}
