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
            deadline += UInt64(interval) * 1_000_000
            while let event = try watch.next(before: deadline) {
                if event == .ended { return }
                try tell("oom")
            }
            try tellStatistics()
        }
    }

    private func tell(_ type: String, _ data: JSONValue? = nil) throws {
        let members: [(name: String, value: JSONValue)] = [("type", .string(type)), ("id", .string(id))]
        let line = JSONValue.object(members + (data.map { [("data", $0)] } ?? [])).line
        try Descriptor.standardOutput.writeAll(line + "\n")
    }
}

/// Durations as Go writes them.
enum Interval {
    static func milliseconds(_ text: String) -> UInt32? {
        let number = text.prefix { $0.isNumber || $0 == "." }
        let factors = ["ms": 1.0, "s": 1000, "m": 60_000, "h": 3_600_000]
        guard let value = Double(number), let factor = factors[String(text.dropFirst(number.count))] else { return nil }
        return UInt32(exactly: (value * factor).rounded(.up))
    }
}
