import LineProtocol
import LinuxKernel
import Testing

@testable import Shim

@Suite("A shim's life")
struct LifecycleTests {
    private typealias Machine = ShimStateMachine
    private let early = Timestamp(nanoseconds: 1_000)
    private let late = Timestamp(nanoseconds: 2_000)

    private func machine(after events: Machine.Event...) -> Machine {
        var machine = Machine()
        for event in events { _ = machine.handle(event) }
        return machine
    }

    private var exited: Machine {
        machine(
            after: .attendanceChanged(true), .containerCreated(pid: 7), .startRequested(1),
            .containerStarted(at: early), .containerEnded(.init(exitCode: 3, finished: late)), .outputEnded,
            .recordWritten)
    }

    @Test("a created container is announced with its process")
    func announces() {
        var machine = Machine()
        #expect(machine.phase == nil)
        #expect(machine.handle(.containerCreated(pid: 7)) == [.announceReady(pid: 7)])
        #expect(machine.phase == .created)
    }

    @Test("a failed create is announced when nothing is left of it")
    func failedCreate() {
        let failure = ProtocolFailure(.executableNotFound, "no such program")
        var machine = Machine()
        #expect(machine.handle(.createFailed(failure)) == [.deleteContainer])
        #expect(
            machine.handle(.containerDeleted) == [.removeFiles, .announceFailure(failure), .leave(succeeded: false)])
    }

    @Test("start answers when the runtime has started the container")
    func starts() {
        var machine = machine(after: .containerCreated(pid: 7))
        #expect(machine.handle(.startRequested(1)) == [.startContainer])
        #expect(machine.handle(.containerStarted(at: early)) == [.answerStart(1, started: early)])
        #expect(machine.isRunning)
        #expect(machine.started == early)
    }

    private var running: Machine {
        machine(after: .containerCreated(pid: 7), .startRequested(1), .containerStarted(at: early))
    }

    @Test("pause and resume answer when the runtime has done it")
    func pauses() {
        var machine = running
        #expect(machine.handle(.pauseRequested(2)) == [.pauseContainer])
        #expect(!machine.isPaused)
        #expect(machine.handle(.pauseAnswered(nil)) == [.acknowledge(2)])
        #expect(machine.isPaused && machine.phase == .running)
        #expect(machine.handle(.resumeRequested(3)) == [.resumeContainer])
        #expect(machine.handle(.pauseAnswered(nil)) == [.acknowledge(3)])
        #expect(!machine.isPaused)
    }

    @Test("a pause that fails has changed nothing")
    func failedPause() {
        let failure = ProtocolFailure(.runtimeFailed, "no freezer")
        var machine = running
        _ = machine.handle(.pauseRequested(2))
        #expect(machine.handle(.pauseAnswered(failure)) == [.refuse(2, failure)])
        #expect(!machine.isPaused)
        _ = machine.handle(.pauseRequested(3))
        _ = machine.handle(.pauseAnswered(nil))
        _ = machine.handle(.resumeRequested(4))
        #expect(machine.handle(.pauseAnswered(failure)) == [.refuse(4, failure)])
        #expect(machine.isPaused)
    }

    @Test("one pause at a time, and only of what runs")
    func pauseRefusals() {
        func refusal(_ ticket: Machine.Ticket, _ verb: String, _ word: String) -> [Machine.Action] {
            [.refuse(ticket, ProtocolFailure(.wrongState, "the container cannot be \(verb): it is \(word)"))]
        }
        var machine = running
        #expect(machine.handle(.resumeRequested(2)) == refusal(2, "resumed", "running"))
        _ = machine.handle(.pauseRequested(3))
        #expect(machine.handle(.pauseRequested(4)) == refusal(4, "paused", "being paused"))
        _ = machine.handle(.pauseAnswered(nil))
        #expect(machine.handle(.pauseRequested(5)) == refusal(5, "paused", "paused"))
        var created = self.machine(after: .containerCreated(pid: 7))
        #expect(created.handle(.pauseRequested(6)) == refusal(6, "paused", "created"))
    }

    @Test("who asks for the state during a start hears what came of it")
    func stateDuringStart() {
        var machine = machine(after: .containerCreated(pid: 7), .startRequested(1))
        #expect(machine.handle(.stateRequested(2)).isEmpty)
        #expect(machine.handle(.containerStarted(at: early)) == [.answerStart(1, started: early), .answerState(2)])
        let failure = ProtocolFailure(.executableNotFound, "no such program")
        machine = self.machine(after: .containerCreated(pid: 7), .startRequested(1), .stateRequested(2))
        #expect(machine.handle(.startFailed(failure)) == [.refuse(1, failure), .answerState(2)])
    }

    @Test("who asks for the state during a pause hears what came of it")
    func stateDuringPause() {
        var machine = running
        #expect(machine.handle(.stateRequested(2)) == [.answerState(2)])
        _ = machine.handle(.pauseRequested(3))
        #expect(machine.handle(.stateRequested(4)).isEmpty)
        #expect(machine.handle(.pauseAnswered(nil)) == [.acknowledge(3), .answerState(4)])
    }

    @Test("a container may end while it is being paused")
    func endsDuringPause() {
        var machine = running
        _ = machine.handle(.pauseRequested(2))
        #expect(machine.handle(.containerEnded(.init(exitCode: 137, finished: late))) == [.drainOutput])
        #expect(machine.handle(.pauseAnswered(nil)) == [.acknowledge(2)])
        #expect(!machine.isPaused)
    }

    @Test("a container is started once")
    func startsOnce() {
        var machine = machine(after: .containerCreated(pid: 7), .startRequested(1))
        let refusal = ProtocolFailure(.wrongState, "the container cannot be started: it is being started")
        #expect(machine.handle(.startRequested(2)) == [.refuse(2, refusal)])
    }

    @Test("a container that ends before its start is answered has started, and not after its end")
    func endsWhileStarting() {
        var machine = machine(after: .containerCreated(pid: 7), .startRequested(1))
        #expect(machine.handle(.containerEnded(.init(exitCode: 0, finished: early))) == [])
        #expect(machine.handle(.containerStarted(at: late)) == [.answerStart(1, started: early), .drainOutput])
        #expect(machine.phase == .running)
    }

    @Test("a failed start that ended the container is recorded with its reason")
    func failedStart() {
        let failure = ProtocolFailure(.executableNotFound, "no such program")
        var machine = machine(
            after: .containerCreated(pid: 7), .startRequested(1), .containerEnded(.init(exitCode: 1, finished: early)))
        #expect(machine.handle(.startFailed(failure)) == [.refuse(1, failure), .drainOutput])
        let record = ExitRecord(exitCode: 1, finished: early, error: "no such program")
        #expect(machine.handle(.outputEnded) == [.writeRecord(record)])
    }

    @Test("a failed start that left the container alone can be tried again, or closed")
    func failedStartLeavesCreated() {
        let failure = ProtocolFailure(.runtimeFailed, "a hook failed")
        var machine = machine(after: .containerCreated(pid: 7), .startRequested(1))
        #expect(machine.handle(.startFailed(failure)) == [.refuse(1, failure)])
        #expect(machine.phase == .created)
        #expect(machine.handle(.closeRequested(2)) == [.deleteContainer])
    }

    @Test("a container that is killed before its start has a record that says so")
    func killedBeforeStart() {
        var machine = machine(after: .containerCreated(pid: 7))
        #expect(machine.handle(.containerEnded(.init(exitCode: 137, finished: early))) == [.drainOutput])
        let record = ExitRecord(
            exitCode: 137, finished: early, error: "the container was ended before it was started")
        #expect(machine.handle(.outputEnded) == [.writeRecord(record)])
    }

    @Test("the record is on disk before anybody is told, and only then is the container known as exited")
    func recordsBeforeAnswering() {
        var machine = machine(
            after: .attendanceChanged(true), .containerCreated(pid: 7), .startRequested(1),
            .containerStarted(at: early))
        #expect(machine.handle(.containerEnded(.init(exitCode: 3, finished: late))) == [.drainOutput])
        #expect(!machine.isAlive)
        #expect(machine.exit == nil)
        let record = ExitRecord(exitCode: 3, finished: late, started: early)
        #expect(machine.handle(.outputEnded) == [.writeRecord(record)])
        #expect(machine.handle(.recordWritten) == [.answerWaiters(record)])
        #expect(machine.phase == .exited)
        #expect(machine.exit == record)
    }

    @Test("a full disk keeps nobody waiting, and the record is tried again until it is written")
    func retriesRecord() {
        var machine = machine(
            after: .containerCreated(pid: 7), .startRequested(1), .containerStarted(at: early),
            .containerEnded(.init(exitCode: 3, finished: late)), .outputEnded)
        let record = ExitRecord(exitCode: 3, finished: late, started: early)
        #expect(machine.handle(.recordFailed) == [.answerWaiters(record), .retryRecordLater])
        #expect(machine.handle(.recordFailed) == [.retryRecordLater])
        #expect(machine.handle(.recordWritten) == [.deleteContainer])
    }

    @Test("while somebody is there the shim stays")
    func staysWhileAttended() {
        var machine = exited
        #expect(machine.handle(.attendanceChanged(true)) == [])
        #expect(machine.handle(.attendanceChanged(false)) == [.deleteContainer])
        #expect(machine.handle(.containerDeleted) == [.removeFiles, .leave(succeeded: true)])
    }

    @Test("close deletes the container and is answered last")
    func closes() {
        var machine = exited
        #expect(machine.handle(.closeRequested(5)) == [.deleteContainer])
        #expect(machine.handle(.closeRequested(6)) == [])
        #expect(machine.handle(.containerDeleted) == [.removeFiles, .answerClose([5, 6]), .leave(succeeded: true)])
    }

    @Test("a running container's shim cannot be closed")
    func refusesToClose() {
        var machine = machine(after: .containerCreated(pid: 7), .startRequested(1), .containerStarted(at: early))
        let refusal = ProtocolFailure(.wrongState, "the shim cannot be closed: its container is running")
        #expect(machine.handle(.closeRequested(2)) == [.refuse(2, refusal)])
    }

    @Test("a close that comes while the container ends waits for the record")
    func closesWhileEnding() {
        var machine = machine(
            after: .containerCreated(pid: 7), .startRequested(1), .containerStarted(at: early),
            .containerEnded(.init(exitCode: 0, finished: late)))
        #expect(machine.handle(.closeRequested(2)) == [])
        let record = ExitRecord(exitCode: 0, finished: late, started: early)
        #expect(machine.handle(.outputEnded) == [.writeRecord(record)])
        #expect(machine.handle(.recordWritten) == [.answerWaiters(record), .deleteContainer])
    }

    @Test("a second end of the container changes nothing")
    func ignoresWhatHasNoPlace() {
        var machine = exited
        #expect(machine.handle(.containerEnded(.init(exitCode: 9, finished: late))) == [])
        #expect(machine.exit?.exitCode == 3)
    }
}
