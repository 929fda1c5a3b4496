import LineProtocol
import LinuxKernel

/// One container's shim at work: feeds the state machine with what happens, and carries out what it says.
final class Shim {
    let options: ShimOptions
    let paths: ShimPaths
    let loop: EventLoop
    let children: ChildWatch
    let runtime: RuntimeCalls
    let connections: Connections
    let streams: ProcessStreams
    let log: ContainerLog?

    var machine = ShimStateMachine()
    var pid: Int32 = 0
    var waiters: [Requester] = []
    /// Nil where the container's memory is no cgroup's.
    var memory: OutOfMemoryWatch?
    var memoryWaiters: [(requester: Requester, known: Int)] = []
    var execs: [String: ExecProcess] = [:]
    /// Processes that are forgotten, but whose clients have yet to read the rest.
    var endedExecs: [ExecProcess] = []
    /// Requests that the state machine knows by a number.
    var tickets: [ShimStateMachine.Ticket: Requester] = [:]
    var lastTicket: ShimStateMachine.Ticket = 0
    var starts: [ShimStateMachine.Ticket: PendingStart] = [:]
    /// What the runtime wrote to the container's streams before there was a container.
    var runtimeComplaint: [UInt8] = []
    var hasSucceeded = false
    var isLeaving = false

    /// What `shim.start` asks for, and then what it hands over.
    struct PendingStart {
        var parameters: ShimStart.Parameters
        var streams = AttachedStreams()
        var ends: [Descriptor] = []
    }

    init(_ options: ShimOptions) throws(ProtocolFailure) {
        self.options = options
        paths = ShimPaths(socket: options.socket)
        do {
            loop = try EventLoop()
            children = try ChildWatch(loop: loop)
            connections = try Connections(path: options.socket, loop: loop)
            log = try Self.openLog(options)
        } catch {
            throw ProtocolFailure(.shimFailed, "the shim cannot start: \(error)")
        }
        runtime = RuntimeCalls(
            program: RuntimeProgram(options), paths: paths, children: children, loop: loop)
        streams = ProcessStreams(closesInputWithFirstClient: options.closesStandardInputOnDetach, loop: loop)
        connections.onLine = { [unowned self] in answer($1, from: $0) }
        connections.onChange = { [unowned self] in connectionsChanged(gone: $0) }
        streams.onClientsChange = { [unowned self] in attendanceChanged() }
    }

    private static func openLog(_ options: ShimOptions) throws(SystemError) -> ContainerLog? {
        guard options.logDriver == .jsonFile, let path = options.logFile else { return nil }
        return ContainerLog(try LogFile(path: path, maxSize: options.logMaxSize, maxFiles: options.logMaxFiles))
    }

    func handle(_ event: ShimStateMachine.Event) {
        for action in machine.handle(event) { perform(action) }
    }

    private func perform(_ action: ShimStateMachine.Action) {
        switch action {
        case .announceReady(let pid): announce(Envelope.response(.number(0), ShimReady(pid: pid)))
        case .announceFailure(let failure): announce(Envelope.failure(.number(0), failure))
        case .startContainer: startContainer()
        case .answerStart(let ticket, let moment): answerStart(ticket, started: moment)
        case .refuse(let ticket, let failure): refuse(ticket, failure)
        case .pauseContainer: changePause(by: .pause)
        case .resumeContainer: changePause(by: .resume)
        case .acknowledge(let ticket): answer(ticket, Nothing())
        case .answerState(let ticket): answerState(ticket)
        case .drainOutput: drainOutput()
        case .writeRecord(let record): writeRecord(record)
        case .retryRecordLater: retryRecordLater()
        case .answerWaiters(let record): answerWaiters(record)
        case .deleteContainer: deleteContainer()
        case .removeFiles: removeFiles()
        case .answerClose(let tickets): for ticket in tickets { answer(ticket, Nothing()) }
        case .leave(let succeeded): leave(succeeded: succeeded)
        }
    }
}
