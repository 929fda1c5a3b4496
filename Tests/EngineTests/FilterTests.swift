import LineProtocol
import LinuxKernel
import Synchronization
import Testing

@testable import Engine

@Suite("Filters")
struct FilterTests {
    @Test(
        "a pattern's star stops at a slash",
        arguments: [
            ("busy*", "busybox", true), ("busy*", "busybox:1", true), ("*", "a/b", false), ("*/*", "a/b", true),
            ("a?c", "abc", true), ("a?c", "ac", false), ("", "", true), ("**a", "bba", true),
            ("a*b*c", "axxbyyc", true),
        ])
    func glob(_ pattern: String, _ text: String, _ matches: Bool) { #expect(Glob(pattern).matches(text) == matches) }

    @Test("a hostile pattern takes no time")
    func hostileGlob() {
        let pattern = String(repeating: "*a", count: 2000)
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 1999) + "b"))
    }

    private func event(_ action: String, _ attributes: [String: String] = [:]) -> Event {
        Event(kind: .container, action: action, id: "abc", attributes: attributes)
    }

    @Test("names of filters are \"and\", their values \"or\"")
    func combination() throws {
        let filter = try EventFilter(["event": ["start", "die"], "label": ["a=1"]])
        #expect(filter.admits(event("die", ["a": "1"])))
        #expect(!filter.admits(event("die", ["a": "2"])))
        #expect(!filter.admits(event("stop", ["a": "1"])))
    }

    @Test("labels are \"and\" as well")
    func labels() throws {
        let filter = try EventFilter(["label": ["a=1", "b"]])
        #expect(filter.admits(event("die", ["a": "1", "b": ""])))
        #expect(!filter.admits(event("die", ["a": "1"])))
    }

    @Test("docker's filters of what there is not are refused with the reason")
    func absent() {
        func refusal(_ body: () throws(ProtocolFailure) -> Void) -> ProtocolFailure? {
            do { try body() } catch { return error }
            return nil
        }
        let failures = [
            refusal { () throws(ProtocolFailure) in _ = try EventFilter(["node": ["x"]]) },
            refusal { () throws(ProtocolFailure) in _ = try ContainerFilter(["publish": ["80"]], among: []) },
            refusal { () throws(ProtocolFailure) in _ = try ContainerFilter(["name": ["(a+)+"]], among: []) },
        ]
        #expect(failures.map(\.?.kind) == [.notSupported, .notSupported, .notSupported])
        let words = ["'node'", "'publish'", "'name=(a+)+'"]
        #expect(zip(failures, words).allSatisfy { $0?.message.contains($1) == true }, "\(failures)")
    }

    @Test(
        "a name is found by a part, and by its beginning and end",
        arguments: [
            ("oa", true), ("/boat", true), ("^boat$", true), ("^/boat$", true), ("^bo", true), ("at$", true),
            ("^oat", false), ("boa$", false), ("^boa$", false), ("", true), ("^", true), ("$", true), ("x", false),
        ])
    func names(_ pattern: String, _ matches: Bool) { #expect(NamePattern(pattern).matches("boat") == matches) }

    @Test("until is a moment, once")
    func until() async throws {
        let early = "2026-01-01T00:00:00Z"
        let filter = try await ImageFilter(["until": [early]]) { _ throws(ProtocolFailure) in nil }
        var image = ImageSummary(
            id: "sha256:00", references: ["x"], digests: [], created: Timestamp("2025-12-31T23:59:59Z"), size: 0,
            labels: [:])
        #expect(filter.admit(image) != nil)
        image.created = Timestamp("2026-01-01T00:00:01Z")
        #expect(filter.admit(image) == nil)
        for wrong in [["soon"], [early, early]] {
            await #expect(throws: ProtocolFailure.self) {
                _ = try await ImageFilter(["until": wrong]) { _ throws(ProtocolFailure) in nil }
            }
        }
    }

    @Test("an exec's event is found by its verb")
    func execEvents() throws {
        #expect(try EventFilter(["event": ["exec_create"]]).admits(event("exec_create: ls")))
    }

    @Test("a filter that nobody knows is refused by name")
    func unknown() {
        #expect(throws: ProtocolFailure(.invalidArgument, "invalid filter 'colour'")) {
            _ = try EventFilter(["colour": ["red"]])
        }
    }
}

@Suite("The log of events")
struct EventLogTests {
    @Test("gives past events from a moment on, then those that come")
    func replay() async throws {
        let log = EventLog()
        for second in 1...3 {
            await log.publish(
                Event(
                    kind: .image, action: "\(second)", id: "", attributes: [:],
                    time: Timestamp(nanoseconds: UInt64(second) * 1_000_000_000)))
        }
        let stream = await log.stream(since: Timestamp(nanoseconds: 2_000_000_000))
        await log.publish(Event(kind: .image, action: "4", id: "", attributes: [:]))
        var actions: [String] = []
        for await event in stream {
            actions.append(event.action)
            if actions.count == 3 { break }
        }
        #expect(actions == ["2", "3", "4"])
    }

    @Test("cuts off a listener that lags too far behind, and forgets old events")
    func slowListener() async throws {
        let log = EventLog()
        let stream = await log.stream(since: nil)
        for _ in 0...EventLog.mostWaiting {
            await log.publish(Event(kind: .image, action: "x", id: "", attributes: [:]))
        }
        var count = 0
        for await _ in stream { count += 1 }
        #expect(count == EventLog.mostWaiting)
    }

    @Test("tells all of the past when until is past, too")
    func untilPast() async throws {
        let log = EventLog()
        for number in 1...500 {
            await log.publish(Event(kind: .image, action: "\(number)", id: "", attributes: [:]))
        }
        let heard = Mutex(0)
        try await log.follow(Events.Parameters(until: .now)) { _ throws(ProtocolFailure) in heard.withLock { $0 += 1 } }
        #expect(heard.withLock { $0 } == 500)
    }

    @Test("ends at until")
    func until() async throws {
        let log = EventLog()
        let parameters = Events.Parameters(until: Timestamp(nanoseconds: Timestamp.now.nanoseconds + 50_000_000))
        try await log.follow(parameters) { _ throws(ProtocolFailure) in }
    }
}
