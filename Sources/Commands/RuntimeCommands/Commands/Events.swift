internal import Cgroups
internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

extension Command {
    static let events = Command(
        "events", "tell what a container uses, and when its memory runs out",
        arguments: "<container-id>",
        flags: [
            Flag("interval", takes: "DURATION", "between two statistics: 500ms, 5s (default), 1m"),
            Flag("stats", "prints statistics once"),
        ], count: 1...1
    ) { invocation in
        let stream = EventStream(engine: try invocation.root.engine, id: invocation.container)
        if invocation.flags.isSet("stats") {
            try stream.tellStatistics()
        } else {
            let text = invocation.flags.text("interval") ?? "5s"
            guard let interval = Interval.milliseconds(text), interval > 0 else {
                throw UsageError("duration interval must be greater than 0: \(text)")
            }
            try stream.follow(every: interval)
        }
        return 0
    }
}

/// Lines of JSON about a container.
private struct EventStream {
    let engine: RuntimeRoot
    let id: String

    func tellStatistics() throws {
        try tell("stats", JSONValue(encoding: try engine.statistics(id)))
    }

    /// Until the container has ended: its statistics, and a line whenever its memory runs out.
    func follow(every interval: UInt32) throws {
        let watch = try engine.watch(id)
        var deadline = monotonicTime()
        while true {
            // What was missed is not made up for.
            deadline = max(deadline + UInt64(interval) * 1_000_000, monotonicTime())
            while let event = try watch.next(before: deadline) {
                if event == .ended { return }
                try tell("oom")
            }
            // It may end while they are gathered.
            do { try tellStatistics() } catch { if !watch.hasEnded { throw error } }
        }
    }

    private func tell(_ type: String, _ data: JSONValue? = nil) throws {
        let members: [(name: String, value: JSONValue)] = [("type", .string(type)), ("id", .string(id))]
        let line = JSONValue.object(members + (data.map { [("data", $0)] } ?? [])).line
        try Descriptor.standardOutput.writeAll(line + "\n")
    }
}

/// Durations as Go writes them: `1m30s`, `1.5h`.
enum Interval {
    private static let factors = [
        "ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000,
    ]

    /// A part of a millisecond counts as a whole one.
    static func milliseconds(_ text: String) -> UInt32? {
        var rest = text[...]
        var sum = 0.0
        repeat {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(number.count).prefix { !$0.isNumber && $0 != "." }
            guard let value = Double(number), let factor = factors[String(unit)] else { return nil }
            sum += value * factor
            rest = rest.dropFirst(number.count + unit.count)
        } while !rest.isEmpty
        return UInt32(exactly: sum.rounded(.up))
    }
}
