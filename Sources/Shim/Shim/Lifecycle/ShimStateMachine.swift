import LineProtocol
import LinuxKernel

/// Where a shim and its container are in their lives, and what follows from what happens. Pure: it does nothing
/// itself and knows no clock; whoever drives it feeds it events and carries out the actions, in order.
///
///     creating ──▶ created ──▶ starting ──▶ running ──▶ draining ──▶ recording ──▶ exited ──▶ leaving ──▶ gone
///        │            │                                    ▲                                     ▲
///        │            ├────────── killed before start ─────┘                                     │
///        └─ failed ───┴────────────────────────── closed before start ───────────────────────────┘
///
/// A container that runs may be paused and resumed; it may also end while it is paused, or while it is being paused.
struct ShimStateMachine {
    /// Names a request that waits for its answer.
    typealias Ticket = UInt64

    /// How a process ended: its code, and when.
    struct End: Hashable, Sendable {
        var exitCode: Int32
        var finished: Timestamp
        var outOfMemoryKills: Int?

        func record(started: Timestamp? = nil, error: String? = nil) -> ExitRecord {
            ExitRecord(
                exitCode: exitCode, finished: finished, started: started, error: error,
                outOfMemoryKills: outOfMemoryKills)
        }
    }

    enum Event: Hashable, Sendable {
        case containerCreated(pid: Int32)
        case createFailed(ProtocolFailure)
        case startRequested(Ticket)
        case containerStarted(at: Timestamp)
        case startFailed(ProtocolFailure)
        case pauseRequested(Ticket)
        case resumeRequested(Ticket)
        /// The runtime has done what `pause` or `resume` asked for, or says why not.
        case pauseAnswered(ProtocolFailure?)
        case stateRequested(Ticket)
        case containerEnded(End)
        /// All output is read, or the while that it may take is over.
        case outputEnded
        case recordWritten
        /// The exit record could not be written: a full disk, say.
        case recordFailed
        case closeRequested(Ticket)
        /// Whether anybody is connected, attached or waiting.
        case attendanceChanged(Bool)
        case containerDeleted
    }

    enum Action: Hashable, Sendable {
        case announceReady(pid: Int32)
        case announceFailure(ProtocolFailure)
        case startContainer
        case answerStart(Ticket, started: Timestamp)
        case refuse(Ticket, ProtocolFailure)
        /// Let the runtime stop all of the container's processes; then report `pauseAnswered`.
        case pauseContainer
        /// Let the runtime stop stopping them; then report `pauseAnswered`.
        case resumeContainer
        /// Answer a request whose answer is nothing.
        case acknowledge(Ticket)
        case answerState(Ticket)
        /// Read the output to its end, but not for ever; then report `outputEnded`.
        case drainOutput
        case writeRecord(ExitRecord)
        case retryRecordLater
        case answerWaiters(ExitRecord)
        /// Kill what is left and make the runtime forget the container; then report `containerDeleted`.
        case deleteContainer
        /// Remove the shim's own files: whoever is told next may use their names again.
        case removeFiles
        case answerClose([Ticket])
        /// End, when attached clients have read what waits for them.
        case leave(succeeded: Bool)
    }

    private enum State {
        case creating
        case created(pid: Int32, startError: String?)
        /// The container may end before the runtime has told that it started.
        case starting(pid: Int32, Ticket, ended: End?)
        case running(pid: Int32, started: Timestamp)
        case draining(ExitRecord)
        case recording(ExitRecord)
        case exited(ExitRecord, isWritten: Bool)
        case leaving(ExitRecord?, because: ProtocolFailure?)
        case gone(ExitRecord?)
    }

    /// What the runtime was told last, and whether it is still about it.
    private enum Pause: Equatable {
        case none, paused
        case pausing(Ticket)
        case resuming(Ticket)
    }

    private var state = State.creating
    private var pause = Pause.none
    /// Requests for the state that came while it changed.
    private var asking: [Ticket] = []
    private var closing: [Ticket] = []
    private var isAttended = false

    /// The actions that `event` asks for. An event that has no place in the present state asks for none.
    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .containerCreated(let pid): created(pid)
        case .createFailed(let failure): createFailed(failure)
        case .startRequested(let ticket): startRequested(ticket)
        case .containerStarted(let moment): started(at: moment)
        case .startFailed(let failure): startFailed(failure)
        case .pauseRequested(let ticket): pauseRequested(ticket)
        case .resumeRequested(let ticket): resumeRequested(ticket)
        case .pauseAnswered(let failure): pauseAnswered(failure)
        case .stateRequested(let ticket): stateRequested(ticket)
        case .containerEnded(let end): ended(end)
        case .outputEnded: outputEnded()
        case .recordWritten: recorded(isWritten: true)
        case .recordFailed: recorded(isWritten: false)
        case .closeRequested(let ticket): closeRequested(ticket)
        case .attendanceChanged(let isAttended): attendanceChanged(isAttended)
        case .containerDeleted: deleted()
        }
    }
}

// MARK: Creating and starting

extension ShimStateMachine {
    private mutating func created(_ pid: Int32) -> [Action] {
        guard case .creating = state else { return [] }
        state = .created(pid: pid, startError: nil)
        return [.announceReady(pid: pid)]
    }

    private mutating func createFailed(_ failure: ProtocolFailure) -> [Action] {
        guard case .creating = state else { return [] }
        state = .leaving(nil, because: failure)
        return [.deleteContainer]
    }

    private mutating func startRequested(_ ticket: Ticket) -> [Action] {
        guard case .created(let pid, _) = state else {
            return [.refuse(ticket, wrongState("the container cannot be started: it is \(phaseWord)"))]
        }
        state = .starting(pid: pid, ticket, ended: nil)
        return [.startContainer]
    }

    private mutating func started(at moment: Timestamp) -> [Action] {
        guard case .starting(let pid, let ticket, let end) = state else { return [] }
        guard let end else {
            state = .running(pid: pid, started: moment)
            return [.answerStart(ticket, started: moment)] + answersToAsking()
        }
        // The answer came after the end: the container cannot have started later than it finished.
        let started = min(moment, end.finished)
        return [.answerStart(ticket, started: started)] + answersToAsking() + drain(end.record(started: started))
    }

    private mutating func startFailed(_ failure: ProtocolFailure) -> [Action] {
        guard case .starting(let pid, let ticket, let end) = state else { return [] }
        guard let end else {
            state = .created(pid: pid, startError: failure.message)
            return [.refuse(ticket, failure)] + answersToAsking()
        }
        return [.refuse(ticket, failure)] + answersToAsking() + drain(end.record(error: failure.message))
    }
}

// MARK: Pausing

extension ShimStateMachine {
    private mutating func pauseRequested(_ ticket: Ticket) -> [Action] {
        guard isRunning, pause == .none else {
            return [.refuse(ticket, wrongState("the container cannot be paused: it is \(phaseWord)"))]
        }
        pause = .pausing(ticket)
        return [.pauseContainer]
    }

    private mutating func resumeRequested(_ ticket: Ticket) -> [Action] {
        guard isRunning, pause == .paused else {
            return [.refuse(ticket, wrongState("the container cannot be resumed: it is \(phaseWord)"))]
        }
        pause = .resuming(ticket)
        return [.resumeContainer]
    }

    /// What failed has changed nothing.
    private mutating func pauseAnswered(_ failure: ProtocolFailure?) -> [Action] {
        let ticket: Ticket
        switch pause {
        case .pausing(let waiting):
            ticket = waiting
            pause = failure == nil ? .paused : .none
        case .resuming(let waiting):
            ticket = waiting
            pause = failure == nil ? .none : .paused
        case .none, .paused: return []
        }
        return [failure.map { .refuse(ticket, $0) } ?? .acknowledge(ticket)] + answersToAsking()
    }

    /// Whoever asks while the runtime is about a start or a pause hears what comes of it: a supervisor that was killed
    /// in the middle of one asks once, and then relies on the answer.
    private mutating func stateRequested(_ ticket: Ticket) -> [Action] {
        guard isSettled else {
            asking.append(ticket)
            return []
        }
        return [.answerState(ticket)]
    }

    private var isSettled: Bool {
        if case .starting = state { return false }
        return pause == .none || pause == .paused
    }

    private mutating func answersToAsking() -> [Action] {
        defer { asking = [] }
        return asking.map { .answerState($0) }
    }
}

// MARK: Ending

extension ShimStateMachine {
    private mutating func ended(_ end: End) -> [Action] {
        switch state {
        case .created(_, let startError):
            let error = startError ?? "the container was ended before it was started"
            return drain(end.record(error: error))
        case .starting(let pid, let ticket, nil):
            state = .starting(pid: pid, ticket, ended: end)
            return []
        case .running(_, let started):
            return drain(end.record(started: started))
        default:
            return []
        }
    }

    private mutating func drain(_ record: ExitRecord) -> [Action] {
        state = .draining(record)
        return [.drainOutput]
    }

    private mutating func outputEnded() -> [Action] {
        guard case .draining(let record) = state else { return [] }
        state = .recording(record)
        return [.writeRecord(record)]
    }

    private mutating func recorded(isWritten: Bool) -> [Action] {
        switch state {
        case .recording(let record):
            state = .exited(record, isWritten: isWritten)
            return [.answerWaiters(record)] + (isWritten ? [] : [.retryRecordLater]) + leaveIfPossible()
        case .exited(let record, isWritten: false):
            state = .exited(record, isWritten: isWritten)
            return isWritten ? leaveIfPossible() : [.retryRecordLater]
        default:
            return []
        }
    }
}

// MARK: Leaving

extension ShimStateMachine {
    private mutating func closeRequested(_ ticket: Ticket) -> [Action] {
        switch state {
        case .creating, .starting, .running, .gone:
            return [.refuse(ticket, wrongState("the shim cannot be closed: its container is \(phaseWord)"))]
        case .created:
            closing.append(ticket)
            state = .leaving(nil, because: nil)
            return [.deleteContainer]
        case .draining, .recording, .exited, .leaving:
            closing.append(ticket)
            return leaveIfPossible()
        }
    }

    private mutating func attendanceChanged(_ isAttended: Bool) -> [Action] {
        self.isAttended = isAttended
        return leaveIfPossible()
    }

    /// Told to close, the supervisor knows the record; otherwise it must be on disk and nobody may be there.
    private mutating func leaveIfPossible() -> [Action] {
        guard case .exited(let record, let isWritten) = state else { return [] }
        guard !closing.isEmpty || (isWritten && !isAttended) else { return [] }
        state = .leaving(record, because: nil)
        return [.deleteContainer]
    }

    private mutating func deleted() -> [Action] {
        guard case .leaving(let record, let failure) = state else { return [] }
        state = .gone(record)
        defer { closing.removeAll() }
        let announcement = failure.map { [Action.announceFailure($0)] } ?? []
        let answer = closing.isEmpty ? [] : [Action.answerClose(closing)]
        return [.removeFiles] + announcement + answer + [.leave(succeeded: failure == nil)]
    }
}

// MARK: What others ask

extension ShimStateMachine {
    /// For `shim.state`; a shim that is still creating has none.
    var phase: ShimState.Result.Phase? {
        switch state {
        case .creating, .gone: nil
        case .created, .starting: .created
        case .running, .draining, .recording: .running
        case .exited, .leaving: .exited
        }
    }

    /// Set from the moment that waiters are answered with it.
    var exit: ExitRecord? {
        switch state {
        case .exited(let record, _): record
        case .leaving(let record, _), .gone(let record): record
        default: nil
        }
    }

    var started: Timestamp? {
        switch state {
        case .running(_, let started): started
        case .draining(let record), .recording(let record): record.started
        default: exit?.started
        }
    }

    /// Whether the container's first process can be sent signals.
    var isAlive: Bool {
        switch state {
        case .created, .starting(_, _, nil), .running: true
        default: false
        }
    }

    var isRunning: Bool { if case .running = state { true } else { false } }

    var isPaused: Bool { isRunning && pause == .paused }

    /// Whether a client may still attach to the container's streams.
    var hasStreams: Bool {
        switch state {
        case .created, .starting, .running: true
        default: false
        }
    }

    /// For a person: what the container is at present.
    var phaseWord: String {
        switch state {
        case .creating: "being created"
        case .created: "created"
        case .starting: "being started"
        case .running: pauseWord
        case .draining, .recording, .exited: "exited"
        case .leaving, .gone: "being deleted"
        }
    }

    private var pauseWord: String {
        switch pause {
        case .none: "running"
        case .paused: "paused"
        case .pausing: "being paused"
        case .resuming: "being resumed"
        }
    }

    private func wrongState(_ message: String) -> ProtocolFailure { ProtocolFailure(.wrongState, message) }
}
