internal import LinuxKernel

/// What a container has used up to a moment. An account that the kernel does not keep is 0, as docker has it.
struct UsageSample: Sendable, Hashable {
    /// Nanoseconds of the clock that only goes forward.
    var moment: UInt64
    /// Nanoseconds of all processors.
    var processor: UInt64 = 0
    var memory: UInt64 = 0
    var memoryLimit: UInt64 = 0
    var read: UInt64 = 0
    var written: UInt64 = 0
    var processes: UInt64 = 0
    var received: UInt64 = 0
    var sent: UInt64 = 0

    /// `text` gives a file of a controller, `interfaces` the process's `net/dev` if its network is its own.
    init(
        at moment: UInt64, isUnified: Bool, machineMemory: UInt64, interfaces: String,
        _ text: (_ controller: String, _ file: String) -> String
    ) {
        self.moment = moment
        if isUnified { readUnified(text) } else { readDivided(text) }
        if memoryLimit == 0 || memoryLimit > machineMemory { memoryLimit = machineMemory }
        (received, sent) = Self.traffic(interfaces)
    }

    /// Documentation/admin-guide/cgroup-v2.rst
    private mutating func readUnified(_ text: (String, String) -> String) {
        processor = Table(text("cpu", "cpu.stat"))["usage_usec"] * 1000
        memory = Self.number(text("memory", "memory.current"))
            .less(Table(text("memory", "memory.stat"))["inactive_file"])
        memoryLimit = Self.number(text("memory", "memory.max"))
        for line in text("io", "io.stat").split(separator: "\n") {
            for word in line.split(separator: " ") {
                if word.hasPrefix("rbytes=") { read += UInt64(word.dropFirst(7)) ?? 0 }
                if word.hasPrefix("wbytes=") { written += UInt64(word.dropFirst(7)) ?? 0 }
            }
        }
        processes = Self.number(text("pids", "pids.current"))
    }

    /// Documentation/admin-guide/cgroup-v1: cpuacct.rst, memory.rst, blkio-controller.rst, pids.rst
    private mutating func readDivided(_ text: (String, String) -> String) {
        processor = Self.number(text("cpuacct", "cpuacct.usage"))
        memory = Self.number(text("memory", "memory.usage_in_bytes"))
            .less(Table(text("memory", "memory.stat"))["total_inactive_file"])
        memoryLimit = Self.number(text("memory", "memory.limit_in_bytes"))
        for line in text("blkio", "blkio.throttle.io_service_bytes_recursive").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let count = UInt64(words[2]) else { continue }
            if words[1] == "Read" { read += count }
            if words[1] == "Write" { written += count }
        }
        processes = Self.number(text("pids", "pids.current"))
    }

    /// proc(5), "/proc/net/dev": bytes received stand first, bytes sent ninth.
    private static func traffic(_ text: String) -> (received: UInt64, sent: UInt64) {
        var (received, sent): (UInt64, UInt64) = (0, 0)
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ $0 != " " }) != "lo" else { continue }
            let numbers = parts[1].split(separator: " ").compactMap { UInt64($0) }
            guard numbers.count >= 9 else { continue }
            received += numbers[0]
            sent += numbers[8]
        }
        return (received, sent)
    }

    private static func number(_ text: String) -> UInt64 { UInt64(text.prefix { $0 != "\n" }) ?? 0 }

    /// Percent of one processor since an earlier sample.
    func processorPercent(since earlier: UsageSample) -> Double? {
        guard moment > earlier.moment else { return nil }
        return 100 * Double(processor.less(earlier.processor)) / Double(moment - earlier.moment)
    }
}

/// Lines of a name and a number.
private struct Table {
    private let values: [Substring: UInt64]

    init(_ text: String) {
        var values: [Substring: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { values[words[0]] = UInt64(words[1]) }
        }
        self.values = values
    }

    subscript(_ name: Substring) -> UInt64 { values[name] ?? 0 }
}

extension UInt64 {
    /// Accounts are not read at one moment: a difference is never below 0.
    fileprivate func less(_ other: UInt64) -> UInt64 { self > other ? self - other : 0 }
}
