internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// Carries a process's streams between its pipes and the client's own descriptors, until the process has ended and
/// all that it wrote is written. One thread, one poll(2).
///
/// The pipes are the shim's: they outlive a supervisor that dies. The session then goes on, and asks the next
/// supervisor how the process ended.
final class AttachedSession {
    private let client: Client
    private let target: SessionTarget
    private let options: SessionOptions
    private let streams: ContainerStreams
    private let signals: SignalDescriptor

    private var link: SupervisorLink
    private var terminal: RawTerminal?
    private var keys: DetachKeys
    private var input: StreamPump?
    private var output: StreamPump?
    private var error: StreamPump?
    private var end: SessionEnd?

    private enum Source { case signals, supervisor, input, output, error }

    /// `waiting` is the request whose answer is the process's exit.
    init(
        _ client: Client, _ target: SessionTarget, _ streams: ContainerStreams, waiting: RequestID,
        _ options: SessionOptions
    ) throws {
        self.client = client
        self.target = target
        self.options = options
        self.streams = streams
        keys = options.keys
        link = SupervisorLink(client, target, waiting: waiting)
        signals = try SignalDescriptor(
            (options.proxiesSignals ? SessionOptions.proxiedSignals : SessionOptions.endingSignals)
                + (options.terminal ? [Signal.windowChange] : []))
        ignoreSignal(Signal.pipe)
        input = streams.input.map { StreamPump(from: client.input, to: $0) }
        output = streams.output.map { StreamPump(from: $0, to: client.output) }
        error = streams.error.map { StreamPump(from: $0, to: client.errors) }
        if options.terminal, streams.input != nil, client.input.isTerminal {
            terminal = try RawTerminal(client.input)
        }
    }

    /// Pumps to the end. The terminal is as it was before when this returns or throws.
    func run() throws -> SessionEnd {
        defer { terminal = nil }
        if options.redraws { redraw() }
        while true {
            if let end { return end }
            try link.receiveArrived()
            if let exit = link.exit, output?.end != nil || output == nil, error?.end != nil || error == nil {
                return .exited(exit)
            }
            try link.connectIfLost(processRuns: output?.request != nil || error?.request != nil)
            if !link.hasArrived { try waitAndAdvance() }
        }
    }

    private func waitAndAdvance() throws {
        var sources: [Source] = [.signals]
        var requests = [PollRequest(signals.descriptor.descriptor, for: .readable)]
        func add(_ source: Source, _ request: PollRequest?) {
            guard let request else { return }
            sources.append(source)
            requests.append(request)
        }
        add(.supervisor, link.request)
        add(.input, link.exit == nil ? input?.request : nil)
        add(.output, output?.request)
        add(.error, error?.request)
        try requests.wait(milliseconds: link.millisecondsToRetry ?? -1)
        for (source, request) in zip(sources, requests) where !request.happened.isEmpty { try advance(source) }
    }

    private func advance(_ source: Source) throws {
        switch source {
        case .signals: try takeSignals()
        case .supervisor: try link.receive()
        case .input: advanceInput()
        case .output:
            output?.advance()
            try check(output, "standard output")
        case .error:
            error?.advance()
            try check(error, "standard error")
        }
    }

    private func check(_ pump: StreamPump?, _ name: String) throws {
        switch pump?.end {
        case .sinkClosed?: end = .outputClosed
        case .failed(let error)?: throw CommandFailure("cannot write to \(name): \(error.errno)")
        case .finished?, nil: break
        }
    }

    // MARK: Input

    private func advanceInput() {
        var isDetached = false
        input?.advance { typed in
            guard options.terminal else { return typed }
            let (passed, isComplete) = keys.filter(typed)
            isDetached = isComplete
            return passed
        }
        if isDetached { end = .detached }
        if input?.end != nil {
            input = nil
            streams.closeInput()
        }
    }

    // MARK: Signals

    private func takeSignals() throws {
        while let signal = try signals.next() {
            if signal == Signal.windowChange {
                sendSize()
            } else if !options.proxiesSignals || !link.sendSignal(signal) {
                end = .signaled(signal)
            }
        }
    }

    private func sendSize() {
        if let size = client.terminalSize { link.sendSize(size) }
    }

    /// A program draws itself when its window changes; so it changes, and changes back.
    private func redraw() {
        guard options.terminal, let size = client.terminalSize else { return }
        link.sendSize(TerminalSize(columns: size.columns, rows: size.rows + 1))
        link.sendSize(size)
    }
}
