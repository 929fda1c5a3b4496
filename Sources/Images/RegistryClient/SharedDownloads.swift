internal import ImageSpec
internal import Synchronization

/// Downloads that are under way, a content once however many wait for it. One goes on as long as somebody waits.
actor SharedDownloads {
    typealias Report = @Sendable (DownloadStep) -> Void
    typealias Work = @Sendable (@escaping Report) async -> Result<Void, RegistryClientError>

    private typealias Waiter = CheckedContinuation<Result<Void, RegistryClientError>, Never>

    private final class Download {
        let listeners = Listeners()
        var task: Task<Void, Never>?
        var waiters: [UInt64: Waiter] = [:]
    }

    /// Who is told of progress, from the thread that makes it.
    private final class Listeners: Sendable {
        private let reports = Mutex<[UInt64: Report]>([:])

        func set(_ report: Report?, for key: UInt64) { reports.withLock { $0[key] = report } }

        func tell(_ step: DownloadStep) { for report in reports.withLock({ Array($0.values) }) { report(step) } }
    }

    private var running: [Digest: Download] = [:]
    private var lastWaiter: UInt64 = 0

    var count: Int { running.count }
    func waiters(of digest: Digest) -> Int { running[digest]?.waiters.count ?? 0 }

    /// Waits until `digest` is there: joins whoever fetches it already, or else starts `work`. What another's source
    /// could not give is asked of one's own.
    func fetch(_ digest: Digest, report: @escaping Report, work: @escaping Work)
        async throws(RegistryClientError)
    {
        while true {
            if Task.isCancelled { throw .cancelled }
            if let ending = running[digest], ending.waiters.isEmpty {
                // Everybody has left it. What it has so far is there for the next one, when it has put it down.
                await ending.task?.value
                continue
            }
            let isOwn = running[digest] == nil
            let download = running[digest] ?? start(digest, work)
            let outcome = await wait(for: download, report)
            switch outcome {
            case .success: return
            case .failure(let error) where isOwn || error == .cancelled && Task.isCancelled: throw error
            case .failure: continue
            }
        }
    }

    private func start(_ digest: Digest, _ work: @escaping Work) -> Download {
        let download = Download()
        running[digest] = download
        let listeners = download.listeners
        download.task = Task { [weak self] in
            let outcome = await work { listeners.tell($0) }
            await self?.finish(digest, outcome)
        }
        return download
    }

    private func wait(for download: Download, _ report: @escaping Report)
        async -> Result<Void, RegistryClientError>
    {
        lastWaiter += 1
        let key = lastWaiter
        let reference = DownloadReference(download)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                download.waiters[key] = continuation
                download.listeners.set(report, for: key)
                if Task.isCancelled { leave(reference, key) }
            }
        } onCancel: {
            Task { await leave(reference, key) }
        }
    }

    /// `@unchecked Sendable`: it is carried from the actor back to the actor, and looked into nowhere else.
    private struct DownloadReference: @unchecked Sendable {
        let download: Download
        init(_ download: Download) { self.download = download }
    }

    private func leave(_ reference: DownloadReference, _ key: UInt64) {
        let download = reference.download
        download.listeners.set(nil, for: key)
        download.waiters.removeValue(forKey: key)?.resume(returning: .failure(.cancelled))
        if download.waiters.isEmpty { download.task?.cancel() }
    }

    private func finish(_ digest: Digest, _ outcome: Result<Void, RegistryClientError>) {
        guard let download = running.removeValue(forKey: digest) else { return }
        for waiter in download.waiters.values { waiter.resume(returning: outcome) }
    }
}

/// What a download tells of itself.
public enum DownloadStep: Hashable, Sendable {
    /// Bytes that are there, of those that there will be.
    case received(Int64)
    /// It will be tried again.
    case retrying(reason: String)
}
