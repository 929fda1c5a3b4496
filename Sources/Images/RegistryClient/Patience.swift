internal import HTTPTransfers

/// When what failed is tried again, and how long to wait before.
struct Patience: Sendable {
    private static let mostAttempts = 5
    private static let longest: Duration = .seconds(30)

    private let most: Int
    private var attempts = 0

    init(attempts: Int = Self.mostAttempts) { most = attempts }

    /// The time to wait before the next attempt; nil when it is enough. It doubles each time, and varies, so that all
    /// who were turned away do not come back together.
    mutating func next(after error: RegistryClientError) -> Duration? {
        guard Self.isTransient(error), attempts < most - 1 else { return nil }
        defer { attempts += 1 }
        if case .refused(_, _, _, let retryAfter?) = error {
            return retryAfter <= 60 ? .seconds(max(0, retryAfter)) : nil
        }
        let doubled = Duration.milliseconds(250 << attempts)
        return min(doubled, Self.longest) * Double.random(in: 0.75...1.25)
    }

    /// Something came: what follows is no repetition of what failed.
    mutating func reset() { attempts = 0 }

    static func isTransient(_ error: RegistryClientError) -> Bool {
        switch error {
        case .transfer(_, let error): error.isTransient
        case .refused(_, let status, _, _): [408, 429, 500, 502, 503, 504].contains(status)
        default: false
        }
    }
}

/// Waits; throws when the task is cancelled meanwhile.
func pause(_ time: Duration) async throws(RegistryClientError) {
    do { try await Task.sleep(for: time) } catch { throw .cancelled }
}
