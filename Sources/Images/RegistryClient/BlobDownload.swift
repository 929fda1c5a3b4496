internal import BlockingThreads
internal import ContentStore
internal import ImageSpec

/// One blob on its way from a registry into the content store. What a cut leaves is gone on with, by this download or
/// by a later one.
struct BlobDownload: Sendable {
    let descriptor: ContentDescriptor
    let repository: RemoteRepository
    let store: ContentStore
    let lease: ContentLease
    let threads: BlockingThreads
    let report: @Sendable (DownloadStep) -> Void

    private var subject: String { "\(repository.name)@\(descriptor.digest)" }

    func run() async throws(RegistryClientError) {
        var patience = Patience()
        var mayStartAfresh = true
        var sources = repository.sources.all[...]
        while let source = sources.first {
            let sink = try await openSink()
            do throws(RegistryClientError) { return try await fetch(sink, of: source) } catch {
                let problem = sink.problem ?? error
                let isStale = Self.isLie(problem) && sink.offset > 0 && mayStartAfresh
                if sink.receivedSoFar > sink.offset { patience.reset() }
                await threads.run { () throws(Never) in sink.putDown(keeping: !Self.isLie(problem)) }
                if isStale {
                    mayStartAfresh = false
                    continue
                }
                if source.isWithMirror {
                    try repository.sources.passOver(source, problem)
                    report(.retrying(reason: "a mirror failed: \(problem)"))
                    sources.removeFirst()
                    continue
                }
                guard let time = patience.next(after: problem) else { throw problem }
                report(.retrying(reason: "\(problem)"))
                try await pause(time)
            }
        }
        throw .unusable(subject: subject, reason: "there is nobody to ask for it")
    }

    /// Content that is wrong: what was there before may have been, if that was another registry's.
    private static func isLie(_ error: RegistryClientError) -> Bool {
        switch error {
        case .untrustworthy, .content(.digestMismatch), .content(.sizeMismatch), .refused(_, 416, _, _): true
        default: false
        }
    }

    private func openSink() async throws(RegistryClientError) -> BlobSink {
        try await threads.run { () throws(RegistryClientError) in
            let begin = { @Sendable () throws(ContentStoreError) in
                try store.resumeDownload(of: descriptor.digest, holding: lease)
            }
            return BlobSink(
                descriptor, into: try storing(begin), subject: subject, restart: begin, report: report)
        }
    }

    private func fetch(_ sink: BlobSink, of source: RegistrySession) async throws(RegistryClientError) {
        if sink.offset < descriptor.size || descriptor.size == 0 {
            try await repository.blob(descriptor.digest, of: source, from: sink.offset, into: sink)
        }
        try await threads.run { () throws(RegistryClientError) in try sink.commit() }
    }
}
