internal import LineProtocol
internal import LinuxKernel

/// What a long operation tells of its contents while it works. A reader that is slow misses steps of a content, never
/// the last one; what waits for it is bounded by the number of contents.
final class ProgressFeed: Sendable {
    private struct State: Sendable {
        /// In the order in which they were first told of since the reader last looked.
        var changed: [String] = []
        var newest: [String: ImageProgress] = [:]
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Monitor(State())

    func report(_ progress: ImageProgress) {
        wake { state in
            if state.newest.updateValue(progress, forKey: progress.content) == nil {
                state.changed.append(progress.content)
            }
        }
    }

    /// Nothing more will come.
    func finish() { wake { $0.isFinished = true } }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// What has changed since the last call; nil at the end. There is one reader.
    func next() async -> [ImageProgress]? {
        while true {
            let (news, isFinished) = state.withLock { state in
                let news = state.changed.compactMap { state.newest[$0] }
                (state.changed, state.newest) = ([], [:])
                return (news, state.isFinished)
            }
            if !news.isEmpty { return news }
            if isFinished { return nil }
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    if !state.changed.isEmpty || state.isFinished { return true }
                    state.reader = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        }
    }
}

extension Images {
    /// Does `work` and delivers what it tells, to its end. When nobody listens any more, it is cancelled.
    func telling<Value: Sendable>(
        _ deliver: @Sendable (ImageProgress) async throws(ProtocolFailure) -> Void,
        _ work: @escaping @Sendable (ProgressFeed) async throws(ProtocolFailure) -> Value
    ) async throws(ProtocolFailure) -> Value {
        let feed = ProgressFeed()
        let task = Task { () async -> Result<Value, ProtocolFailure> in
            defer { feed.finish() }
            do throws(ProtocolFailure) { return .success(try await work(feed)) } catch { return .failure(error) }
        }
        let outcome = await withTaskCancellationHandler {
            await Self.relay(feed, to: deliver) { task.cancel() }
            return await task.value
        } onCancel: {
            task.cancel()
        }
        return try outcome.get()
    }

    /// Delivers everything that the feed has, to its end; `giveUp` is called when nobody listens any more.
    private static func relay(
        _ feed: ProgressFeed, to deliver: @Sendable (ImageProgress) async throws(ProtocolFailure) -> Void,
        giveUp: () -> Void
    ) async {
        while let news = await feed.next() {
            for item in news {
                do { try await deliver(item) } catch { return giveUp() }
            }
        }
    }
}
