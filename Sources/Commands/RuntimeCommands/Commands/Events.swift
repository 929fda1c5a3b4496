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
        let line = JSONValue.object([
            ("type", .string("stats")), ("id", .string(id)), ("data", JSONValue(encoding: try engine.statistics(id))),
        ]).line
        try Descriptor.standardOutput.writeAll(line + "\n")
    }

    /// Until the container is gone: its statistics, and a line whenever the kernel killed for want of memory.
    func follow(every interval: UInt32) throws {
        var kills = try engine.outOfMemoryKills(id)
        var waited: UInt32 = 0
        while try isThere() {
            let step = min(interval - waited, 100)
            sleep(milliseconds: step)
            waited += step
            guard try isThere() else { return }
            let now = (try? engine.outOfMemoryKills(id)) ?? kills
            if now > kills {
                let line = JSONValue.object([("type", .string("oom")), ("id", .string(id))]).line
                try Descriptor.standardOutput.writeAll(line + "\n")
            }
            kills = now
            if waited >= interval {
                try tellStatistics()
                waited = 0
            }
        }
    }

    private func isThere() throws -> Bool {
        do { return try engine.state(id).status != .stopped } catch {
            if error.kind == .noSuchContainer { return false }
            throw error
        }
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
