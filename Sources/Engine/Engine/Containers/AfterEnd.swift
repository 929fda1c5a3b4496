internal import LineProtocol
internal import LinuxKernel

/// What becomes of a container when it has ended, as it was made, or changed since. Pure.
enum AfterEnd: Sendable, Hashable {
    case remains
    /// `--rm`
    case isRemoved
    /// `--restart`
    case restarts(RestartPolicy)

    init(_ container: ContainerRecord) {
        if container.specification.removeOnExit {
            self = .isRemoved
        } else {
            self = container.restart.isActive ? .restarts(container.restart) : .remains
        }
    }
}

/// How a container's policy has started it so far, and how it goes on. Docker's rules: each wait is twice the last one,
/// from 100 ms to a minute; a run of ten seconds or more begins anew with 100 ms.
struct RestartHistory: Codable, Sendable, Hashable {
    private static let shortestWait: UInt64 = 100_000_000
    private static let longestWait: UInt64 = 60_000_000_000
    private static let longRun: UInt64 = 10_000_000_000

    /// Since somebody started it.
    private(set) var count = 0
    /// In nanoseconds, the last one.
    private(set) var wait: UInt64 = 0
    /// Whether somebody wanted it to end.
    var isStopped = false

    /// Counts a restart after an end, and answers when its turn comes; nil when it stays as it is.
    mutating func next(after end: ExitRecord, _ policy: RestartPolicy) -> Timestamp? {
        guard !isStopped, policy.restarts(after: end.exitCode, count: count) else { return nil }
        let ranFor = end.started.map { end.finished > $0 ? end.finished.nanoseconds - $0.nanoseconds : 0 } ?? 0
        let isFirst = wait == 0 || ranFor >= Self.longRun
        wait = isFirst ? Self.shortestWait : min(wait * 2, Self.longestWait)
        count += 1
        return Timestamp(nanoseconds: end.finished.nanoseconds + wait)
    }
}

extension RestartPolicy {
    fileprivate func restarts(after exitCode: Int32, count: Int) -> Bool {
        switch name {
        case .no: false
        case .always, .unlessStopped: true
        case .onFailure: exitCode != 0 && (maximumRetryCount == 0 || count < maximumRetryCount)
        }
    }

    /// Whether a supervisor that starts revives a container that has ended, and that somebody has stopped or not.
    func revives(stopped isStopped: Bool) -> Bool {
        switch name {
        case .always: true
        case .unlessStopped: !isStopped
        case .no, .onFailure: false
        }
    }
}
