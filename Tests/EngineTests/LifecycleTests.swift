import LineProtocol
import LinuxKernel
import Testing

@testable import Engine

@Suite("A container's lifecycle")
struct LifecycleTests {
    typealias Action = ContainerLifecycle.Action

    /// The last run's record of its end goes first: a supervisor killed after `.save` would take it for this run's.
    private let beginning: [Action] = [.discardExitRecord, .save, .launch]
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
        #expect(try lifecycle.handle(.startRequested, of: "c") == beginning)
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
            .prepared, .startRequested, .started(pid: 7, at: moment), .ended(exit(0), .remains),
            .startRequested, .startFailed(exitCode: 128, error: "x"))
        #expect(again.status == .exited)
    }

    @Test("the end is recorded exactly once for a run")
    func endOnce() throws {
        var lifecycle = try after(.prepared, .startRequested, .started(pid: 7, at: moment))
        let actions = try lifecycle.handle(.ended(exit(3), .remains), of: "c")
        #expect(actions == [.save, .announce("die"), .tearDown, .wakeWaiters])
        #expect(try lifecycle.handle(.ended(exit(4), .remains), of: "c").isEmpty)
        #expect(lifecycle.exitRecord?.exitCode == 3)
        #expect(lifecycle.pid == 0)
    }

    @Test("a container made to be removed goes on to its removal")
    func automaticRemoval() throws {
        var lifecycle = try after(.prepared, .startRequested, .started(pid: 7, at: moment))
        let actions = try lifecycle.handle(.ended(exit(3), .isRemoved), of: "c")
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

    /// A lifecycle that runs, and to which these events have happened.
    private func running(_ events: ContainerLifecycle.Event...) throws -> ContainerLifecycle {
        var lifecycle = try after(.prepared, .startRequested, .started(pid: 7, at: moment))
        for event in events { _ = try lifecycle.handle(event, of: "c") }
        return lifecycle
    }

    @Test("a pause is on the books when the shim has done it, and the container runs all the while")
    func pause() throws {
        var lifecycle = try running()
        #expect(try lifecycle.handle(.pauseRequested, of: "c") == [.pause])
        #expect(lifecycle.status == .running)
        #expect(try lifecycle.handle(.paused, of: "c") == [.save, .announce("pause")])
        #expect(lifecycle.status == .paused && lifecycle.isRunning && lifecycle.exitRecord == nil)
        #expect(try lifecycle.handle(.unpauseRequested, of: "c") == [.unpause])
        #expect(try lifecycle.handle(.unpaused, of: "c") == [.save, .announce("unpause")])
        #expect(lifecycle.status == .running)
    }

    @Test("only what runs is paused, only what is paused goes on; a paused container is neither started nor removed")
    func pauseRefusals() throws {
        let paused = try running(.paused)
        for (event, lifecycle, word) in [
            (.pauseRequested, paused, "already paused"), (.startRequested, paused, "unpause"),
            (.removeRequested(force: false, volumes: false), paused, "unpaused first"),
            (.unpauseRequested, try running(), "not paused"), (.pauseRequested, try after(.prepared), "not running"),
            (.pauseRequested, try running(.restartRequested, .ended(exit(0), .remains)), "restarting"),
        ] as [(ContainerLifecycle.Event, ContainerLifecycle, String)] {
            let refusal = refusal(event, of: lifecycle)
            #expect(refusal?.kind == .wrongState && refusal?.message.contains(word) == true, "\(event)")
        }
    }

    @Test("a container that ends while it is paused has ended")
    func endOfPaused() throws {
        var lifecycle = try running(.paused)
        #expect(try lifecycle.handle(.ended(exit(137), .remains), of: "c").first == .save)
        #expect(lifecycle.status == .exited)
    }

    @Test("a restart is on the books before the container is stopped, which then waits", arguments: [false, true])
    func restart(isPaused: Bool) throws {
        var lifecycle = isPaused ? try running(.paused) : try running()
        #expect(try lifecycle.handle(.restartRequested, of: "c") == [.save, .stop])
        let actions = try lifecycle.handle(.ended(exit(3), .isRemoved), of: "c")
        #expect(
            actions == [.save, .announce("die"), .tearDown, .wakeWaiters, .restartLater], "--rm removes nothing here")
        #expect(lifecycle.status == .restarting && lifecycle.isUp && lifecycle.exitRecord?.exitCode == 3)
        #expect(try lifecycle.handle(.restartDue, of: "c") == beginning)
        _ = try lifecycle.handle(.started(pid: 8, at: moment), of: "c")
        #expect(!lifecycle.comesBack)
        #expect(try lifecycle.handle(.ended(exit(0), .isRemoved), of: "c").last == .delete)
    }

    @Test("a restart of a container that does not run is a start")
    func restartOfEnded() throws {
        var lifecycle = try running(.ended(exit(0), .remains))
        #expect(try lifecycle.handle(.restartRequested, of: "c") == beginning)
    }

    @Test("who is stopped while it restarts stays as it is, and the last of stop and restart counts")
    func stopOfRestarting() throws {
        var lifecycle = try running(.restartRequested, .ended(exit(3), .remains))
        #expect(try lifecycle.handle(.stopRequested, of: "c") == [.save, .wakeWaiters])
        #expect(lifecycle.status == .exited)
        #expect(try lifecycle.handle(.restartDue, of: "c").isEmpty)
        let stopped = try running(.restartRequested, .stopRequested, .ended(exit(3), .remains))
        #expect(stopped.status == .exited)
    }

    @Test("a restart that fails leaves the container exited")
    func failedRestart() throws {
        let lifecycle = try running(
            .restartRequested, .ended(exit(3), .remains), .restartDue,
            .startFailed(exitCode: 127, error: "gone"))
        #expect(lifecycle.status == .exited && !lifecycle.comesBack && lifecycle.exitCode == 127)
    }

    @Test("a restarting container is removed only by force")
    func removalOfRestarting() throws {
        var lifecycle = try running(.restartRequested, .ended(exit(3), .remains))
        #expect(refusal(.removeRequested(force: false, volumes: false), of: lifecycle)?.kind == .wrongState)
        #expect(try lifecycle.handle(.removeRequested(force: true, volumes: false), of: "c") == [.save, .delete])
    }

    // MARK: Policies

    private let always = AfterEnd.restarts(RestartPolicy(.always))
    private let unlessStopped = AfterEnd.restarts(RestartPolicy(.unlessStopped))

    @Test("a policy starts the container again when its turn has come, and it is up all the while")
    func policy() throws {
        var lifecycle = try running()
        let end = ExitRecord(exitCode: 3, finished: Timestamp(nanoseconds: 2_000_000_000), started: moment)
        let actions = try lifecycle.handle(.ended(end, always), of: "c")
        #expect(actions == [.save, .announce("die"), .tearDown, .wakeWaiters, .restartLater])
        #expect(lifecycle.status == .restarting && lifecycle.restartCount == 1)
        #expect(lifecycle.due == Timestamp(nanoseconds: 2_100_000_000))
        #expect(try lifecycle.handle(.restartDue, of: "c") == beginning)
        #expect(lifecycle.status == .restarting && lifecycle.isUp)
        _ = try lifecycle.handle(.started(pid: 8, at: moment), of: "c")
        #expect(lifecycle.due == nil && lifecycle.restartCount == 1)
    }

    @Test("who was stopped stays so, and who is started by somebody begins anew")
    func stopWithPolicy() throws {
        var lifecycle = try running(.ended(exit(3), always), .restartDue, .started(pid: 8, at: moment), .stopRequested)
        #expect(try lifecycle.handle(.ended(exit(3), always), of: "c").last == .wakeWaiters)
        #expect(lifecycle.status == .exited)
        #expect(try lifecycle.handle(.startRequested, of: "c") == beginning)
        #expect(lifecycle.restartCount == 0)
        _ = try lifecycle.handle(.started(pid: 9, at: moment), of: "c")
        #expect(try lifecycle.handle(.ended(exit(3), always), of: "c").last == .restartLater)
    }

    @Test("a supervisor that starts revives what always runs, and what runs unless it was stopped")
    func revival() throws {
        let stopped = try running(.stopRequested, .ended(exit(0), .remains))
        let ended = try running(.ended(exit(0), .remains))
        for (lifecycle, afterEnd, isRevived) in [
            (stopped, always, true), (stopped, unlessStopped, false), (ended, unlessStopped, true),
            (ended, .restarts(RestartPolicy(.onFailure)), false), (ended, .remains, false),
            (try after(.prepared), always, false),
        ] {
            var lifecycle = lifecycle
            let actions = try lifecycle.handle(.found(afterEnd), of: "c")
            #expect(actions == (isRevived ? [.save, .restartLater] : []), "\(afterEnd)")
        }
        var waiting = try running(.ended(exit(3), .restarts(RestartPolicy(.onFailure))))
        #expect(try waiting.handle(.found(.restarts(RestartPolicy(.onFailure))), of: "c") == [.restartLater])
        #expect(waiting.restartCount == 1)
    }

    @Test("a start that a killed supervisor was about is tried again if it was to follow an end")
    func interruptedStart() throws {
        var returning = try running(.ended(exit(3), always), .restartDue)
        #expect(try returning.handle(.startInterrupted, of: "c") == [.tearDown, .save, .restartLater])
        #expect(returning.status == .restarting && returning.restartCount == 1)
        var first = try after(.prepared, .startRequested)
        #expect(try first.handle(.startInterrupted, of: "c") == [.tearDown, .save, .wakeWaiters])
        #expect(first.status == .created && first.exitCode == 128)
    }

    @Test("a record of before there were restarts is understood")
    func oldRecord() throws {
        let old = """
            {"phase":"exited","pid":0,"exitCode":3,"error":"","hasRun":true,"removesVolumes":false,
            "started":"2026-11-24T03:04:05.000000000Z","finished":"2026-11-24T03:04:06.000000000Z"}
            """
        let lifecycle = try decodeJSON(ContainerLifecycle.self, Array(old.utf8))
        #expect(lifecycle.exitRecord?.exitCode == 3 && !lifecycle.comesBack)
    }

    @Test("every phase survives a trip through the database")
    func coding() throws {
        let lifecycle = try after(
            .prepared, .startRequested, .started(pid: 7, at: moment), .ended(exit(9), .remains))
        #expect(try decodeJSON(ContainerLifecycle.self, Envelope.encode(lifecycle)) == lifecycle)
    }
}
