internal import LinuxKernel

/// Waits for a process that runs in the foreground: passes on signals, carries its terminal's bytes, and adopts and reaps
/// what it leaves behind.
final class ForegroundSession {
    private let process: HeldProcess
    private let signals: SignalDescriptor
    private let terminal: TerminalRelay?
    private let readiness: ReadinessRelay?

    /// From here on signals are held back until `wait` passes them on.
    init(_ process: HeldProcess, terminal master: Descriptor?, relay: ReadinessRelay? = nil) throws(RuntimeError) {
        self.process = process
        readiness = relay
        signals = try performing("cannot pass on signals") { () throws(SystemError) in
            try SignalDescriptor(Self.passedOn)
        }
        terminal = try master.map { master throws(RuntimeError) in
            try performing("cannot use the terminal") { () throws(SystemError) in try TerminalRelay(master) }
        }
    }

    /// All but those that a program sends itself by a mistake, and those that cannot be held back.
    private static let passedOn: [CInt] = (1...64).filter { number in
        ![4, 5, 6, 7, 8, 9, 11, 13, 19, 31, 32, 33].contains(number)
    }

    /// Returns how the process ended, once all that it wrote is passed on.
    func wait() throws(RuntimeError) -> ExitStatus {
        defer { terminal?.restore() }
        return try performing("cannot wait for the container") { () throws(SystemError) in
            while true {
                var requests = [
                    PollRequest(process.handle.descriptor.descriptor, for: .readable),
                    PollRequest(signals.descriptor.descriptor, for: .readable),
                ]
                if let readiness { requests.append(readiness.request) }
                let count = requests.count
                requests += terminal?.requests ?? []
                try requests.wait()
                if !requests[1].happened.isEmpty { try passSignals() }
                // It is us whom a service manager watches as long as we are in the foreground.
                try readiness?.hear(mainProcess: ThisProcess.pid)
                try terminal?.handle(Array(requests.dropFirst(count)))
                if !requests[0].happened.isEmpty {
                    let status = try process.handle.wait()
                    try terminal?.drain()
                    return status
                }
            }
        }
    }

    /// The process did not come to run.
    func giveUp() { terminal?.restore() }

    private func passSignals() throws(SystemError) {
        while let number = try signals.next() {
            switch number {
            case Signal.child: try reapOthers()
            case Signal.windowChange where terminal != nil: terminal?.resize()
            case 23: break  // SIGURG: means nothing without the socket.
            default: do { try process.handle.signal(number) } catch { if error.errno != .noProcess { throw error } }
            }
        }
    }

    private func reapOthers() throws(SystemError) {
        while let child = try Children.firstEnded(), child != process.pid { _ = try Children.reap(child) }
    }
}
