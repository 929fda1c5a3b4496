internal import ContentStore
internal import HTTPTransfers
internal import ImageSpec
internal import Synchronization

/// Takes a blob into the content store as it comes, and no byte more than was announced.
final class BlobSink: TransferSink {
    private struct State: ~Copyable {
        var ingest: Ingest?
        var problem: RegistryClientError?
        var nextReport = ContinuousClock.now
    }

    private let descriptor: ContentDescriptor
    private let subject: String
    /// Makes an ingest without a byte in it, where a registry begins at the beginning again.
    private let restart: @Sendable () throws(ContentStoreError) -> Ingest
    private let report: @Sendable (DownloadStep) -> Void
    private let state: Mutex<State>
    /// Bytes that were there before.
    let offset: Int64

    init(
        _ descriptor: ContentDescriptor, into ingest: consuming Ingest, subject: String,
        restart: @escaping @Sendable () throws(ContentStoreError) -> Ingest,
        report: @escaping @Sendable (DownloadStep) -> Void
    ) {
        self.descriptor = descriptor
        self.subject = subject
        self.restart = restart
        self.report = report
        offset = ingest.size
        state = Mutex(State(ingest: consume ingest))
    }

    /// Why it wanted no more.
    var problem: RegistryClientError? { state.withLock { $0.problem } }

    /// Bytes that are there, as long as nobody took them.
    var receivedSoFar: Int64 { state.withLock { $0.ingest?.size ?? offset } }

    /// Makes a content of what came, if it is what was announced.
    func commit() throws(RegistryClientError) {
        guard let ingest = state.withLock({ $0.ingest.take() }) else { throw .cancelled }
        do { _ = try ingest.commit(expecting: descriptor.digest, size: descriptor.size) } catch {
            throw .content(error)
        }
    }

    /// Takes nothing more. What came so far stays for a later download, or goes.
    func putDown(keeping isKept: Bool) {
        guard let ingest = state.withLock({ $0.ingest.take() }) else { return }
        if isKept, ingest.size > 0 { ingest.suspend() } else { ingest.cancel() }
    }

    func begin(_ head: TransferHead) -> Bool {
        checking { state throws(RegistryClientError) in
            var start: Int64 = 0
            if head.status == 206 {
                start = try rangeStart(head)
            } else if offset > 0 {
                state.ingest = nil
                state.ingest = try storing(restart)
            }
            guard let text = head["content-length"], let length = Int64(text) else { return }
            if start + length != descriptor.size { throw wrongSize(start + length) }
        }
    }

    /// `bytes 100-199/200`: it must be what was asked for.
    private func rangeStart(_ head: TransferHead) throws(RegistryClientError) -> Int64 {
        let numbers = (head["content-range"] ?? "").drop { !$0.isNumber }.prefix { $0.isNumber }
        guard offset > 0, Int64(numbers) == offset else {
            throw .untrustworthy(subject: subject, reason: "the registry sent another part of it than was asked for")
        }
        return offset
    }

    func take(_ bytes: Span<UInt8>) -> Bool {
        checking { state throws(RegistryClientError) in
            guard var ingest = state.ingest.take() else { throw .cancelled }
            let total = ingest.size + Int64(bytes.count)
            if total <= descriptor.size { try storing { () throws(ContentStoreError) in try ingest.write(bytes) } }
            state.ingest = consume ingest
            if total > descriptor.size { throw wrongSize(total) }
            tell(total, &state)
        }
    }

    private func wrongSize(_ size: Int64) -> RegistryClientError {
        .untrustworthy(
            subject: subject,
            reason: "the registry sends \(size) bytes or more, but its manifest says \(descriptor.size)")
    }

    /// Ten times a second are enough for any eye.
    private func tell(_ total: Int64, _ state: inout State) {
        let now = ContinuousClock.now
        guard now >= state.nextReport || total == descriptor.size else { return }
        state.nextReport = now + .milliseconds(100)
        report(.received(total))
    }

    private func checking(_ body: (inout State) throws(RegistryClientError) -> Void) -> Bool {
        state.withLock { state in
            do throws(RegistryClientError) {
                try body(&state)
                return true
            } catch {
                state.problem = error
                return false
            }
        }
    }
}
