internal import LineProtocol
internal import LinuxKernel

/// Where a container is in its life, what may happen to it there, and what follows. Pure: ``Container`` carries the
/// actions out, in order.
///
///     creating ──▶ created ──▶ starting ──▶ running ──▶ exited ──┐
///                    │ ▲          │                      │  ▲    │ start again
///                    │ └──failed──┘                      │  └────┘
///                    └───────────▶ removing ◀────────────┘
///                                     │
///                                     ▼ fails: dead, and may be removed again
///                                   gone
struct ContainerLifecycle: Codable, Sendable, Hashable {
    enum Phase: String, Codable, Sendable, CaseIterable {
        case creating, created, starting, running, exited, removing, dead, gone
    }

    enum Event: Sendable, Hashable {
        case prepared
        case startRequested
        case started(pid: Int32, at: Timestamp)
        case startFailed(exitCode: Int32, error: String)
        /// The process ended; `removeNow` when the container was made to be removed then.
        case ended(ExitRecord, removeNow: Bool)
        case removeRequested(force: Bool, volumes: Bool)
        case removed
        case removalFailed(String)
    }

    enum Action: Sendable, Hashable {
        /// Write the new state to the database: what follows relies on it.
        case save
        case announce(String)
        /// Mount, write the bundle, launch the shim and start the process; then report how that went.
        case launch
        /// Close the shim, unmount, and delete the bundle.
        case tearDown
        case wakeWaiters
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
    /// Whether its volumes that have no name go with it.
    private(set) var removesVolumes = false

    init() {}

    /// The word that docker has for it.
    var status: ContainerStatus {
        switch phase {
        case .creating, .created: .created
        case .starting: hasRun ? .exited : .created
        case .running: .running
        case .exited: .exited
        case .removing, .gone: .removing
        case .dead: .dead
        }
    }

    var isRunning: Bool { phase == .running }

    /// How the last run ended; nil while it runs and before the first.
    var exitRecord: ExitRecord? {
        guard phase != .running, phase != .starting, let finished else { return nil }
        return ExitRecord(exitCode: exitCode, finished: finished, started: started, error: error.isEmpty ? nil : error)
    }

    /// Changes the phase as `event` wants it and answers what to do, or refuses.
    mutating func handle(_ event: Event, of container: String) throws(ProtocolFailure) -> [Action] {
        switch event {
        case .prepared: return prepared()
        case .startRequested: return try startRequested(container)
        case .started(let pid, let moment): return started(pid, at: moment)
        case .startFailed(let code, let error): return startFailed(code, error)
        case .ended(let record, let removeNow): return ended(record, removeNow: removeNow)
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
            phase = .starting
            error = ""
            return [.save, .launch]
        case .running:
            return []
        case .creating, .starting:
            throw ProtocolFailure(.wrongState, "container \(container) is \(phase.rawValue) already")
        case .removing, .dead, .gone:
            throw ProtocolFailure(
                .wrongState, "container \(container) is marked for removal and cannot be started")
        }
    }

    private mutating func started(_ pid: Int32, at moment: Timestamp) -> [Action] {
        guard phase == .starting else { return [] }
        phase = .running
        (self.pid, started, finished, exitCode, hasRun) = (pid, moment, nil, 0, true)
        return [.save, .announce("start")]
    }

    private mutating func startFailed(_ code: Int32, _ reason: String) -> [Action] {
        guard phase == .starting else { return [] }
        phase = hasRun ? .exited : .created
        (pid, exitCode, error, finished) = (0, code, reason, hasRun ? .now : nil)
        return [.tearDown, .save, .wakeWaiters]
    }
}

// MARK: Ending and removing

extension ContainerLifecycle {
    /// Exactly once for a run: a second report finds the container exited and changes nothing.
    private mutating func ended(_ record: ExitRecord, removeNow: Bool) -> [Action] {
        guard phase == .running else { return [] }
        phase = .exited
        (pid, exitCode, error, finished) = (0, record.exitCode, record.error ?? "", record.finished)
        let actions: [Action] = [.save, .announce("die"), .tearDown, .wakeWaiters]
        return removeNow ? actions + beginRemoval(volumes: true) : actions
    }

    private mutating func removeRequested(force: Bool, volumes: Bool, _ container: String) throws(ProtocolFailure)
        -> [Action]
    {
        switch phase {
        case .created, .exited, .dead: return beginRemoval(volumes: volumes)
        case .running where force: return [.kill]
        case .running:
            throw ProtocolFailure(
                .wrongState,
                "container \(container) is running: stop it before removing it, or remove it by force")
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
