internal import LineProtocol
internal import LinuxKernel
internal import Logging

/// One container: its record, its shim, and who waits for it. The lifecycle decides, this carries out.
///
/// What must not interleave (start, end, removal) goes through ``gate``; queries never do, so that a listing never
/// waits for an operation.
public actor Container {
    public nonisolated let id: String
    let services: Services
    unowned let registry: Containers
    let gate = Gate()
    var record: ContainerRecord
    /// While its shim is connected.
    var shim: ShimConnection?
    var waiters = Waiters()
    var execs: [String: Exec] = [:]
    /// Processes of this run that the kernel killed for want of memory, as far as was told.
    var outOfMemoryKills = 0
    /// Written by `kill` and `stop`, read by nothing but events.
    var watch: Task<Void, Never>?
    /// Waits for the container's turn to be started again.
    var restarter: Task<Void, Never>?
    /// Those who wait until it is not about to start by itself any more.
    private var returnWaiters: [CheckedContinuation<Void, Never>] = []
    /// Requests that have stopped it and start it again themselves.
    var restarting = 0

    init(_ record: ContainerRecord, _ services: Services, registry: Containers) {
        id = record.id
        self.record = record
        self.services = services
        self.registry = registry
    }

    var paths: ContainerPaths { services.layout.container(id) }

    /// The connection to its shim; throws docker's sentence when it does not run.
    func runningShim() throws(ProtocolFailure) -> ShimConnection {
        if record.lifecycle.phase == .restarting { throw ContainerLifecycle.isRestarting(record.name) }
        guard record.lifecycle.isRunning, let shim else {
            throw ProtocolFailure(.wrongState, "Container \(record.name) is not running")
        }
        return shim
    }

    /// The same for what a paused container cannot do.
    func unpausedShim(_ verb: String) throws(ProtocolFailure) -> ShimConnection {
        guard record.lifecycle.phase != .paused else {
            throw ProtocolFailure(
                .wrongState, "Container \(record.name) is paused, unpause the container before \(verb)")
        }
        return try runningShim()
    }

    // MARK: Lifecycle

    /// Lets `event` happen and carries out what follows, all but what takes its time and reports back, which it
    /// answers.
    func happen(_ event: ContainerLifecycle.Event) async throws(ProtocolFailure) -> [ContainerLifecycle.Action] {
        let actions = try record.lifecycle.handle(event, of: record.name)
        let ends = actions.contains(.wakeWaiters)
        if ends { waiters.beginTelling() }
        defer {
            if ends { waiters.endTelling() }
            wakeReturnWaiters()
        }
        do throws(ProtocolFailure) { return try await carryOut(actions) } catch {
            // What cannot be saved has happened all the same.
            if ends { wakeWaiters() }
            throw error
        }
    }

    /// Until it runs or is at rest, however often its starts are put off.
    func passReturn() async {
        guard record.lifecycle.isReturning else { return }
        await withCheckedContinuation { returnWaiters.append($0) }
    }

    private func wakeReturnWaiters() {
        guard !record.lifecycle.isReturning else { return }
        for waiter in returnWaiters { waiter.resume() }
        returnWaiters = []
    }

    private func carryOut(_ actions: [ContainerLifecycle.Action]) async throws(ProtocolFailure)
        -> [ContainerLifecycle.Action]
    {
        var rest: [ContainerLifecycle.Action] = []
        for action in actions {
            switch action {
            case .save:
                try await services.store.updateLifecycle(of: id, to: record.lifecycle, durably: outlastsPowerCuts)
            case .announce(let name): await announce(name)
            case .discardExitRecord: try await discardExitRecord()
            case .tearDown: await tearDown()
            case .wakeWaiters: wakeWaiters()
            case .restartLater: restartLater()
            case .forget:
                try await services.store.removeContainer(id)
                await registry.forget(id, named: record.name)
            case .launch, .pause, .unpause, .stop, .kill, .delete: rest.append(action)
            }
        }
        return rest
    }

    /// A power cut ends every container: one that is removed when it ends has nothing to outlast, and what others
    /// were doing when it came does not matter, only that they are there and how they ended; and that they ran, if they
    /// are to run again.
    private var outlastsPowerCuts: Bool {
        switch AfterEnd(record) {
        case .isRemoved: false
        case .remains: [.created, .exited].contains(record.lifecycle.phase)
        case .restarts: [.created, .running, .restarting, .exited].contains(record.lifecycle.phase)
        }
    }

    func announce(_ action: String, _ more: [String: String] = [:]) async {
        var attributes = record.configuration.labels
        attributes["image"] = record.image
        attributes["name"] = record.name
        if action == "die" { attributes["exitCode"] = "\(record.lifecycle.exitCode)" }
        attributes.merge(more) { $1 }
        await services.events.publish(Event(kind: .container, action: action, id: id, attributes: attributes))
        services.log.info("container \(record.shortID) (\(record.name)): \(action)")
    }

    private func wakeWaiters() {
        let exit = record.lifecycle.exitRecord ?? ExitRecord(exitCode: record.lifecycle.exitCode, finished: .now)
        waiters.wake(with: exit, isGone: record.lifecycle.phase == .gone)
    }
}
