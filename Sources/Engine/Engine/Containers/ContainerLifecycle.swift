internal import LineProtocol
internal import LinuxKernel

/// Where a container is in its life, what may happen to it there, and what follows. Pure: ``Container`` carries the
/// actions out, in order.
///
///     creating ──▶ created ──▶ starting ──▶ running ◀──▶ paused
///                    │ ▲         │ ▲  ▲        │            │
///                    │ └─failed──┘ │  │        └─────┬──────┘
///                    │             │  │ its turn     │ ends
///                    │             │  │              ├─────────────┐
///                    │             │  └──────── restarting         │ for good
///                    │             │                 │ stopped     │
///                    │ start again │                 ▼             │
///                    │             └────────────── exited ◀────────┘
///                    │                               │
///                    └──────────▶ removing ◀─────────┘
///                                    │
///                                    ▼ fails: dead, and may be removed again
///                                  gone
///
/// A start that fails leaves a container that has run before exited. One that is removed by force is stopped first.
struct ContainerLifecycle: Codable, Sendable, Hashable {
    enum Phase: String, Codable, Sendable, CaseIterable {
        case creating, created, starting, running, paused, restarting, exited, removing, dead, gone
    }

    enum Event: Sendable, Hashable {
        case prepared
        case startRequested
        case started(pid: Int32, at: Timestamp)
        case startFailed(exitCode: Int32, error: String)
        case pauseRequested
        case paused
        case unpauseRequested
        case unpaused
        /// Somebody wants it to end, and to stay so.
        case stopRequested
        /// Somebody wants it to end, and to be started again.
        case restartRequested
        /// The turn of one that is restarting has come.
        case restartDue
        /// The process ended, of a container that was made for something to follow.
        case ended(ExitRecord, AfterEnd)
        /// The supervisor was killed while it started the container, which does not run.
        case startInterrupted
        /// A supervisor has started, and found the container as it is.
        case found(AfterEnd)
        case removeRequested(force: Bool, volumes: Bool)
        case removed
        case removalFailed(String)
    }

    enum Action: Sendable, Hashable {
        /// Write the new state to the database: what follows relies on it.
        case save
        case announce(String)
        /// Remove what the shim recorded of the last run's end, which is on the books: a supervisor that is killed from
        /// here on must not take it for the end of the run that begins.
        case discardExitRecord
        /// Mount, write the bundle, launch the shim and start the process; then report how that went.
        case launch
        /// Stop its processes by the freezer; then report `paused`.
        case pause
        /// Let them go on; then report `unpaused`.
        case unpause
        /// Send the stop signal, and kill what does not heed it.
        case stop
        /// Close the shim, unmount, and delete the bundle.
        case tearDown
        case wakeWaiters
        /// Wait until ``due``, and report `restartDue`.
        case restartLater
        case kill
        /// Delete all that belongs to the container; then report how that went.
        case delete
        /// Take the container off the books.
        case forget
    }

    private(set) var phase = Phase.creating
    /// In the host's process namespace; 0 when it does not run.
    private(set) var pid: Int32 = 0
    private(set) var exitCode: Int32 = 0
    private(set) var error = ""
    private(set) var started: Timestamp?
    private(set) var finished: Timestamp?
    private(set) var hasRun = false
    /// Processes that the kernel killed for want of memory, in the last run.
    private(set) var outOfMemoryKills: Int?
    /// Whether somebody wants it to be started again when it has ended.
    private(set) var comesBack = false
    /// When its policy starts it again.
    private(set) var due: Timestamp?
    /// What its policy has done, and relies on.
    private(set) var restarts = RestartHistory()
    /// Whether its volumes that have no name go with it.
    private(set) var removesVolumes = false

    init() {}

    /// The word that docker has for it.
    var status: ContainerStatus {
        switch phase {
        case .creating, .created: .created
        case .starting: followsEnd ? .restarting : hasRun ? .exited : .created
        case .running: .running
        case .paused: .paused
        case .restarting: .restarting
        case .exited: .exited
        case .removing, .gone: .removing
        case .dead: .dead
        }
    }

    /// Whether it has processes, be they paused.
    var isRunning: Bool { phase == .running || phase == .paused }

    /// Whether it runs, or will again without anybody's doing.
    var isUp: Bool { isRunning || isReturning }

    /// Whether it does not run and will be started without anybody's doing, or is just being started so.
    var isReturning: Bool { phase == .restarting || (phase == .starting && followsEnd) }

    /// Whether the start that is under way, or to come, follows an end.
    private var followsEnd: Bool { comesBack || due != nil }

    var restartCount: Int { restarts.count }

    /// How the last run ended; nil while it runs and before the first.
    var exitRecord: ExitRecord? {
        guard !isRunning, phase != .starting, let finished else { return nil }
        return ExitRecord(exitCode: exitCode, finished: finished, started: started, error: error.isEmpty ? nil : error)
    }

    /// Changes the phase as `event` wants it and answers what to do, or refuses.
    mutating func handle(_ event: Event, of container: String) throws(ProtocolFailure) -> [Action] {
        switch event {
        case .prepared: return prepared()
        case .startRequested: return try startRequested(container)
        case .started(let pid, let moment): return started(pid, at: moment)
        case .startFailed(let code, let error): return startFailed(code, error)
        case .pauseRequested: return try pauseRequested(container)
        case .paused: return paused()
        case .unpauseRequested: return try unpauseRequested(container)
        case .unpaused: return unpaused()
        case .stopRequested: return stopRequested()
        case .restartRequested: return try restartRequested(container)
        case .restartDue: return restartDue()
        case .startInterrupted: return startInterrupted()
        case .found(let afterEnd): return found(afterEnd)
        case .ended(let record, let afterEnd): return ended(record, afterEnd)
        case .removeRequested(let force, let volumes):
            return try removeRequested(force: force, volumes: volumes, container)
        case .removed: return removed()
        case .removalFailed(let reason): return removalFailed(reason)
        }
    }
}

// MARK: Making and starting

extension ContainerLifecycle {
    private mutating func prepared() -> [Action] {
        guard phase == .creating else { return [] }
        phase = .created
        return [.save, .announce("create")]
    }

    private mutating func startRequested(_ container: String) throws(ProtocolFailure) -> [Action] {
        switch phase {
        case .created, .exited:
            restarts = RestartHistory()
            return beginStart()
        case .running, .restarting: return []
        case .paused:
            throw ProtocolFailure(
                .wrongState, "container \(container) is paused and cannot be started: try unpause instead")
        case .creating, .starting:
            throw ProtocolFailure(.wrongState, "container \(container) is \(phase.rawValue) already")
        case .removing, .dead, .gone:
            throw ProtocolFailure(
                .wrongState, "container \(container) is marked for removal and cannot be started")
        }
    }

    private mutating func beginStart() -> [Action] {
        phase = .starting
        error = ""
        return [.discardExitRecord, .save, .launch]
    }

    private mutating func started(_ pid: Int32, at moment: Timestamp) -> [Action] {
        guard phase == .starting else { return [] }
        phase = .running
        (self.pid, started, finished, exitCode, hasRun) = (pid, moment, nil, 0, true)
        (comesBack, due, outOfMemoryKills) = (false, nil, nil)
        return [.save, .announce("start")]
    }

    private mutating func startFailed(_ code: Int32, _ reason: String) -> [Action] {
        guard phase == .starting else { return [] }
        phase = hasRun ? .exited : .created
        (pid, exitCode, error, finished) = (0, code, reason, hasRun ? .now : nil)
        (comesBack, due) = (false, nil)
        return [.tearDown, .save, .wakeWaiters]
    }

    /// A start that was to follow an end is tried again; somebody who wanted one has seen that it failed.
    private mutating func startInterrupted() -> [Action] {
        guard phase == .starting else { return [] }
        guard followsEnd else {
            return startFailed(128, "the supervisor ended while it started the container")
        }
        phase = .restarting
        return [.tearDown, .save, .restartLater]
    }
}

// MARK: Pausing

extension ContainerLifecycle {
    private func pauseRequested(_ container: String) throws(ProtocolFailure) -> [Action] {
        switch phase {
        case .running: return [.pause]
        case .paused: throw ProtocolFailure(.wrongState, "container \(container) is already paused")
        case .restarting: throw Self.isRestarting(container)
        default: throw ProtocolFailure(.wrongState, "container \(container) is not running")
        }
    }

    private mutating func paused() -> [Action] {
        guard phase == .running else { return [] }
        phase = .paused
        return [.save, .announce("pause")]
    }

    private func unpauseRequested(_ container: String) throws(ProtocolFailure) -> [Action] {
        guard phase == .paused else { throw ProtocolFailure(.wrongState, "Container \(container) is not paused") }
        return [.unpause]
    }

    private mutating func unpaused() -> [Action] {
        guard phase == .paused else { return [] }
        phase = .running
        return [.save, .announce("unpause")]
    }

    /// What is only possible while it runs.
    static func isRestarting(_ container: String) -> ProtocolFailure {
        ProtocolFailure(.wrongState, "Container \(container) is restarting, wait until the container is running")
    }
}

// MARK: Stopping and restarting

extension ContainerLifecycle {
    /// The last word counts: one that was to be started again is not.
    private mutating func stopRequested() -> [Action] {
        switch phase {
        case .running, .paused:
            (comesBack, restarts.isStopped) = (false, true)
            return [.save]
        case .restarting:
            (comesBack, due, restarts.isStopped) = (false, nil, true)
            phase = .exited
            return [.save, .wakeWaiters]
        default: return []
        }
    }

    private mutating func restartRequested(_ container: String) throws(ProtocolFailure) -> [Action] {
        switch phase {
        case .running, .paused:
            comesBack = true
            return [.save, .stop]
        case .restarting:
            restarts = RestartHistory()
            return restartDue()
        default: return try startRequested(container)
        }
    }

    private mutating func restartDue() -> [Action] {
        guard phase == .restarting else { return [] }
        return beginStart()
    }

    /// What waited for its turn goes on waiting, and what a supervisor revives has it now.
    private mutating func found(_ afterEnd: AfterEnd) -> [Action] {
        switch (phase, afterEnd) {
        case (.restarting, _): return [.restartLater]
        case (.exited, .restarts(let policy)) where policy.revives(stopped: restarts.isStopped):
            phase = .restarting
            (due, restarts) = (finished, RestartHistory())
            return [.save, .restartLater]
        default: return []
        }
    }
}

// MARK: Ending and removing

extension ContainerLifecycle {
    /// Exactly once for a run: a second report finds the container exited and changes nothing.
    private mutating func ended(_ record: ExitRecord, _ afterEnd: AfterEnd) -> [Action] {
        guard isRunning else { return [] }
        (pid, exitCode, error, finished) = (0, record.exitCode, record.error ?? "", record.finished)
        outOfMemoryKills = record.outOfMemoryKills
        let actions: [Action] = [.save, .announce("die"), .tearDown, .wakeWaiters]
        if comesBack {
            (phase, restarts) = (.restarting, RestartHistory())
            return actions + [.restartLater]
        }
        phase = .exited
        switch afterEnd {
        case .remains: return actions
        case .isRemoved: return actions + beginRemoval(volumes: true)
        case .restarts(let policy):
            due = restarts.next(after: record, policy)
            guard due != nil else { return actions }
            phase = .restarting
            return actions + [.restartLater]
        }
    }

    private mutating func removeRequested(force: Bool, volumes: Bool, _ container: String) throws(ProtocolFailure)
        -> [Action]
    {
        switch phase {
        case .created, .exited, .dead: return beginRemoval(volumes: volumes)
        case .restarting where force: return beginRemoval(volumes: volumes)
        case .running where force, .paused where force: return [.kill]
        case .running, .restarting:
            throw ProtocolFailure(
                .wrongState,
                "container \(container) is \(phase.rawValue): stop it before removing it, or remove it by force")
        case .paused:
            throw ProtocolFailure(
                .wrongState,
                "container \(container) is paused and must be unpaused first, or removed by force")
        case .creating, .starting:
            throw ProtocolFailure(.wrongState, "container \(container) is \(phase.rawValue): try again")
        case .removing, .gone:
            throw ProtocolFailure(.wrongState, "removal of container \(container) is already in progress")
        }
    }

    private mutating func beginRemoval(volumes: Bool) -> [Action] {
        phase = .removing
        removesVolumes = volumes
        return [.save, .delete]
    }

    private mutating func removed() -> [Action] {
        guard phase == .removing else { return [] }
        phase = .gone
        return [.forget, .announce("destroy"), .wakeWaiters]
    }

    private mutating func removalFailed(_ reason: String) -> [Action] {
        guard phase == .removing else { return [] }
        phase = .dead
        error = reason
        return [.save]
    }
}

// MARK: In the database

extension ContainerLifecycle {
    /// What a supervisor of an older version did not know is as it was then.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        phase = try members.decode(Phase.self, forKey: .phase)
        pid = try members.decode(Int32.self, forKey: .pid)
        exitCode = try members.decode(Int32.self, forKey: .exitCode)
        error = try members.decode(String.self, forKey: .error)
        started = try members.decodeIfPresent(Timestamp.self, forKey: .started)
        finished = try members.decodeIfPresent(Timestamp.self, forKey: .finished)
        hasRun = try members.decode(Bool.self, forKey: .hasRun)
        removesVolumes = try members.decode(Bool.self, forKey: .removesVolumes)
        comesBack = try members.decodeIfPresent(Bool.self, forKey: .comesBack) ?? false
        due = try members.decodeIfPresent(Timestamp.self, forKey: .due)
        restarts = try members.decodeIfPresent(RestartHistory.self, forKey: .restarts) ?? RestartHistory()
        outOfMemoryKills = try members.decodeIfPresent(Int.self, forKey: .outOfMemoryKills)
    }
}
