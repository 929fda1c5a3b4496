internal import NIOCore
internal import Synchronization

/// The connections that a server has, and which of them wait for a request.
final class ConnectionTable: Sendable {
    typealias Place = UInt64

    private struct State {
        var last: Place = 0
        var channels: [Place: (channel: any Channel, isIdle: Bool)] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.channels.count } }
    var isStopping: Bool { state.withLock { $0.isStopping } }

    func add(_ channel: any Channel) -> Place {
        state.withLock { state in
            state.last += 1
            state.channels[state.last] = (channel, true)
            return state.last
        }
    }

    func remove(_ place: Place) { state.withLock { $0.channels[place] = nil } }

    /// Answers whether the server stops, and nobody waits for another request.
    @discardableResult
    func setIdle(_ place: Place, _ isIdle: Bool) -> Bool {
        state.withLock { state in
            state.channels[place]?.isIdle = isIdle
            return state.isStopping
        }
    }

    /// From now on the server stops.
    func closeIdle() {
        let idle = state.withLock { state in
            state.isStopping = true
            return state.channels.values.filter(\.isIdle).map(\.channel)
        }
        for channel in idle { channel.close(promise: nil) }
    }

    func closeAll() {
        for channel in state.withLock({ $0.channels.values.map(\.channel) }) { channel.close(promise: nil) }
    }
}
