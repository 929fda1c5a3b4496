internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// A session's connection to the supervisor, over which its process's exit becomes known: kept, and made anew when
/// it is lost, with growing pauses between the attempts.
struct SupervisorLink {
    private static let shortestPause: UInt64 = 50_000_000
    private static let longestPause: UInt64 = 1_000_000_000
    /// How long a supervisor may be away once the process's streams have ended, in nanoseconds.
    private static let patience: UInt64 = 5_000_000_000

    private let client: Client
    private let target: SessionTarget
    private var supervisor: Supervisor?
    private var waiting: RequestID
    private var nextAttempt: UInt64 = 0
    private var pause = Self.shortestPause
    /// Since when nothing but the supervisor is waited for.
    private var idleSince: UInt64?
    /// How the process ended.
    private(set) var exit: ExitRecord?

    init(_ client: Client, _ target: SessionTarget, waiting: RequestID) {
        self.client = client
        self.target = target
        self.waiting = waiting
        supervisor = try? client.supervisor()
    }

    var request: PollRequest? {
        guard exit == nil, let supervisor else { return nil }
        return PollRequest(supervisor.descriptor, for: supervisor.hasUnsent ? [.readable, .writable] : .readable)
    }

    /// Nil while nothing is to be tried again.
    var millisecondsToRetry: CInt? {
        guard exit == nil, supervisor == nil else { return nil }
        let now = monotonicTime()
        return now >= nextAttempt ? 0 : CInt((nextAttempt - now) / 1_000_000 + 1)
    }

    /// Whether something came together with the answer to an earlier request: no need to wait.
    var hasArrived: Bool { supervisor?.hasArrived ?? false }

    mutating func receiveArrived() throws {
        if hasArrived { try receive() }
    }

    mutating func receive() throws {
        guard let supervisor else { return }
        do {
            for message in try supervisor.receive() { try take(message) }
        } catch is ConnectionFailure {
            lose()
        }
    }

    private mutating func take(_ message: Message) throws {
        switch message.kind {
        case .response(waiting): exit = try message.result()
        case .failure(waiting, let failure): throw unknownExit(failure.message)
        default: message.line.closeDescriptors()
        }
    }

    private mutating func lose() {
        supervisor = nil
        nextAttempt = monotonicTime() + pause
    }

    /// Tries to connect again when it is time. Throws when the process has ended and nobody comes to say how.
    mutating func connectIfLost(processRuns: Bool) throws {
        guard exit == nil, supervisor == nil else { return }
        let now = monotonicTime()
        guard now >= nextAttempt else { return }
        do {
            let made = try client.reconnect()
            waiting = try target.sendWait(to: made)
            supervisor = made
            pause = Self.shortestPause
            idleSince = nil
        } catch {
            if processRuns { idleSince = nil } else { idleSince = idleSince ?? now }
            if let idleSince, now - idleSince > Self.patience { throw unknownExit("\(error)") }
            pause = min(pause * 2, Self.longestPause)
            nextAttempt = now + pause
        }
    }

    private func unknownExit(_ reason: String) -> CommandFailure {
        refusal("how \(target.exec ?? target.container) ended is not known: \(reason)")
    }

    /// False when there is nobody to pass it on.
    mutating func sendSignal(_ number: CInt) -> Bool {
        guard let supervisor else { return false }
        do { try target.sendSignal(number, to: supervisor) } catch {
            lose()
            return false
        }
        return true
    }

    mutating func sendSize(_ size: TerminalSize) {
        guard let supervisor else { return }
        do { try target.sendSize(size, to: supervisor) } catch { lose() }
    }
}
