import LineProtocol
import LinuxKernel
import Testing

@testable import Engine

@Suite("A container's lifecycle")
struct LifecycleTests {
    typealias Action = ContainerLifecycle.Action

    private let moment = Timestamp(nanoseconds: 1_000_000_000)
    private func exit(_ code: Int32) -> ExitRecord { ExitRecord(exitCode: code, finished: moment) }

    /// A lifecycle that these events have happened to.
    private func after(_ events: ContainerLifecycle.Event...) throws -> ContainerLifecycle {
        var lifecycle = ContainerLifecycle()
        for event in events { _ = try lifecycle.handle(event, of: "c") }
        return lifecycle
    }

    private func refusal(_ event: ContainerLifecycle.Event, of lifecycle: ContainerLifecycle) -> ProtocolFailure? {
        var lifecycle = lifecycle
        do { _ = try lifecycle.handle(event, of: "c") } catch { return error }
        return nil
    }

    @Test("a container is saved before it is announced")
    func creation() throws {
        var lifecycle = ContainerLifecycle()
        #expect(try lifecycle.handle(.prepared, of: "c") == [.save, .announce("create")])
        #expect(lifecycle.status == .created)
    }

    @Test("a start is on the books before anything is launched")
    func start() throws {
        var lifecycle = try after(.prepared)
        #expect(try lifecycle.handle(.startRequested, of: "c") == [.save, .launch])
        #expect(lifecycle.status == .created)
        #expect(try lifecycle.handle(.started(pid: 7, at: moment), of: "c") == [.save, .announce("start")])
        #expect(lifecycle.isRunning)
        #expect(lifecycle.pid == 7)
    }

    @Test("a start of a running container changes nothing")
    func secondStart() throws {
        var lifecycle = try after(.prepared, .startRequested, .started(pid: 7, at: moment))
        #expect(try lifecycle.handle(.startRequested, of: "c").isEmpty)
    }

    @Test("a start that fails leaves the container as it was, with the code and the reason")
    func failedStart() throws {
        let lifecycle = try after(.prepared, .startRequested, .startFailed(exitCode: 127, error: "not found"))
        #expect(lifecycle.status == .created)
        #expect(lifecycle.exitCode == 127)
        #expect(lifecycle.error == "not found")
        let again = try after(
            .prepared, .startRequested, .started(pid: 7, at: moment), .ended(exit(0), removeNow: false),
            .startRequested, .startFailed(exitCode: 128, error: "x"))
        #expect(again.status == .exited)
    }

    @Test("the end is recorded exactly once for a run")
    func endOnce() throws {
        var lifecycle = try after(.prepared, .startRequested, .started(pid: 7, at: moment))
        let actions = try lifecycle.handle(.ended(exit(3), removeNow: false), of: "c")
        #expect(actions == [.save, .announce("die"), .tearDown, .wakeWaiters])
        #expect(try lifecycle.handle(.ended(exit(4), removeNow: false), of: "c").isEmpty)
        #expect(lifecycle.exitRecord?.exitCode == 3)
        #expect(lifecycle.pid == 0)
    }

    @Test("a container made to be removed goes on to its removal")
    func automaticRemoval() throws {
        var lifecycle = try after(.prepared, .startRequested, .started(pid: 7, at: moment))
        let actions = try lifecycle.handle(.ended(exit(3), removeNow: true), of: "c")
        #expect(actions.suffix(2) == [.save, .delete])
        #expect(lifecycle.status == .removing)
        #expect(try lifecycle.handle(.removed, of: "c") == [.forget, .announce("destroy"), .wakeWaiters])
        #expect(lifecycle.exitRecord?.exitCode == 3)
    }

    @Test("a running container is removed only by force, which kills it first")
    func removalOfRunning() throws {
        var lifecycle = try after(.prepared, .startRequested, .started(pid: 7, at: moment))
        #expect(refusal(.removeRequested(force: false, volumes: false), of: lifecycle)?.kind == .wrongState)
        #expect(try lifecycle.handle(.removeRequested(force: true, volumes: false), of: "c") == [.kill])
        #expect(lifecycle.isRunning)
    }

    @Test("a removal that fails leaves a dead container, which may be removed again but not started")
    func failedRemoval() throws {
        var lifecycle = try after(.prepared, .removeRequested(force: false, volumes: false), .removalFailed("busy"))
        #expect(lifecycle.status == .dead)
        #expect(refusal(.startRequested, of: lifecycle)?.kind == .wrongState)
        #expect(try lifecycle.handle(.removeRequested(force: false, volumes: false), of: "c") == [.save, .delete])
    }

    @Test("what is being removed is neither started nor removed a second time")
    func removing() throws {
        let lifecycle = try after(.prepared, .removeRequested(force: false, volumes: false))
        #expect(refusal(.startRequested, of: lifecycle)?.kind == .wrongState)
        #expect(refusal(.removeRequested(force: true, volumes: false), of: lifecycle)?.kind == .wrongState)
    }

    @Test("every phase survives a trip through the database")
    func coding() throws {
        let lifecycle = try after(
            .prepared, .startRequested, .started(pid: 7, at: moment), .ended(exit(9), removeNow: false))
        #expect(try decodeJSON(ContainerLifecycle.self, Envelope.encode(lifecycle)) == lifecycle)
    }
}
