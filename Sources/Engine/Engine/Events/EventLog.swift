public import LineProtocol
internal import LinuxKernel

/// The events of the supervisor's life so far, and everybody who listens to them.
public actor EventLog {
    /// How many past events `since` can bring back.
    static let remembered = 1024
    /// How far a listener may lag behind before it is cut off.
    static let mostWaiting = 4096

    private var past: [Event] = []
    private var listeners: [UInt64: AsyncStream<Event>.Continuation] = [:]
    private var lastKey: UInt64 = 0

    func publish(_ event: Event) {
        past.append(event)
        if past.count > Self.remembered { past.removeFirst(past.count - Self.remembered) }
        for (key, listener) in listeners {
            // A dropped event would be a lie by omission: a listener that is too slow hears the end instead.
            if case .dropped = listener.yield(event) {
                listener.finish()
                listeners[key] = nil
            }
        }
    }

    /// Past events from `since` on (none without it), then the coming ones until that moment, or until the listener goes.
    func stream(since: Timestamp?, until: Timestamp? = nil) -> AsyncStream<Event> {
        lastKey += 1
        let key = lastKey
        let (events, listener) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: .bufferingOldest(Self.mostWaiting))
        if let since { for event in past where event.time >= since { listener.yield(event) } }
        listeners[key] = listener
        let deadline = until.map { until in Task { await self.end(key, at: until) } }
        listener.onTermination = { _ in
            deadline?.cancel()
            Task { await self.forget(key) }
        }
        return events
    }

    private func forget(_ key: UInt64) { listeners[key] = nil }

    /// What was heard before the moment stays to be read.
    private func end(_ key: UInt64, at moment: Timestamp) async {
        let now = Timestamp.now
        if moment > now { try? await Task.sleep(nanoseconds: moment.nanoseconds - now.nanoseconds) }
        listeners.removeValue(forKey: key)?.finish()
    }
}

/// docker's filters of `events`.
struct EventFilter: Sendable {
    private let filters: [String: [String]]
    private static let names = FilterNames(
        known: ["container", "event", "image", "label", "type", "volume"],
        absent: [
            "builder": "there are no builders", "config": swarm, "daemon": "the supervisor tells nothing of itself",
            "network": "there are no networks of its own yet", "node": swarm, "plugin": "there are no plugins",
            "scope": swarm, "secret": swarm, "service": swarm,
        ])
    private static let swarm = "there is no swarm"

    init(_ filters: [String: [String]]) throws(ProtocolFailure) {
        try Self.names.check(filters)
        self.filters = filters
    }

    func admits(_ event: Event) -> Bool {
        FilterNames.admit(filters) { matches(event, $0, $1) }
    }

    private func matches(_ event: Event, _ name: String, _ value: String) -> Bool {
        switch name {
        case "type": event.kind.rawValue == value
        // `exec_create` admits `exec_create: ls`.
        case "event": event.action == value || event.action.hasPrefix(value + ":")
        case "label": LabelFilter(value).admits(event.attributes)
        case "container":
            event.kind == .container && (event.id.hasPrefix(value) || event.attributes["name"] == value)
        case "image": isImage(event, value)
        case "volume": event.kind == .volume && event.id == value
        default: false
        }
    }

    private func isImage(_ event: Event, _ value: String) -> Bool {
        let name = event.kind == .image ? event.attributes["name"] : event.attributes["image"]
        return event.id == value || name == value || name?.hasPrefix(value + ":") == true
    }
}

/// `NAME` or `NAME=VALUE`.
struct LabelFilter: Sendable {
    private let name: String
    private let value: String?

    init(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        name = parts[0]
        value = parts.count > 1 ? parts[1] : nil
    }

    func admits(_ labels: [String: String]) -> Bool {
        guard let found = labels[name] else { return false }
        return value == nil || value == found
    }
}

extension EventLog {
    /// Gives events to `deliver`: past ones from `since` on, then those that come, until `until`.
    public nonisolated func follow(
        _ wanted: Events.Parameters, deliver: @Sendable (Event) async throws(ProtocolFailure) -> Void
    ) async throws(ProtocolFailure) {
        let filter = try EventFilter(wanted.filters)
        let since = wanted.since ?? wanted.until.map { _ in Timestamp(nanoseconds: 0) }
        for await event in await stream(since: since, until: wanted.until) {
            if let until = wanted.until, event.time > until { return }
            if filter.admits(event) { try await deliver(event) }
        }
        if Task.isCancelled { throw ProtocolFailure(.cancelled, "the request was cancelled") }
    }
}
