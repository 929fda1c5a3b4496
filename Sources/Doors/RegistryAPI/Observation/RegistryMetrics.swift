internal import NIOHTTP1
internal import Synchronization

/// Counts of what the registry answered, in Prometheus's text format.
public final class RegistryMetrics: Sendable {
    private struct Kind: Hashable, Comparable {
        let method: String
        let status: UInt

        static func < (one: Kind, other: Kind) -> Bool {
            (one.method, one.status) < (other.method, other.status)
        }
    }

    private struct State {
        var requests: [Kind: UInt64] = [:]
        var buckets = [UInt64](repeating: 0, count: RegistryMetrics.bounds.count)
        var seconds = 0.0
        var count: UInt64 = 0
        var running = 0
    }

    /// Upper bounds of a request's time, in seconds.
    private static let bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]
    private static let methods: Set<String> = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"]

    private let state = Mutex(State())

    public init() {}

    func begin() { state.withLock { $0.running += 1 } }

    func end(method: HTTPMethod, status: UInt, seconds: Double) {
        // Whatever word a client invents is one kind: else it could fill our memory.
        let name = Self.methods.contains(method.rawValue) ? method.rawValue : "other"
        state.withLock { state in
            state.running -= 1
            state.requests[Kind(method: name, status: status), default: 0] += 1
            state.seconds += seconds
            state.count += 1
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { state.buckets[index] += 1 }
        }
    }

    /// Prometheus, "Text-based format", version 0.0.4.
    var text: String {
        state.withLock { state in
            var lines = [
                "# HELP wherry_registry_requests_total Requests answered.",
                "# TYPE wherry_registry_requests_total counter",
            ]
            lines += state.requests.sorted { $0.key < $1.key }.map { kind, count in
                "wherry_registry_requests_total{method=\"\(kind.method)\",code=\"\(kind.status)\"} \(count)"
            }
            lines += [
                "# HELP wherry_registry_requests_running Requests that are being answered.",
                "# TYPE wherry_registry_requests_running gauge", "wherry_registry_requests_running \(state.running)",
                "# HELP wherry_registry_request_seconds Time until an answer's head was ready.",
                "# TYPE wherry_registry_request_seconds histogram",
            ]
            lines += zip(Self.bounds, state.buckets).map { bound, count in
                "wherry_registry_request_seconds_bucket{le=\"\(bound)\"} \(count)"
            }
            lines += [
                "wherry_registry_request_seconds_bucket{le=\"+Inf\"} \(state.count)",
                "wherry_registry_request_seconds_sum \(state.seconds)",
                "wherry_registry_request_seconds_count \(state.count)",
            ]
            return lines.joined(separator: "\n") + "\n"
        }
    }
}
