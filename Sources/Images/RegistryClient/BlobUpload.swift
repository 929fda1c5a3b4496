internal import BlockingThreads
internal import ContentStore
internal import HTTPTransfers
internal import ImageSpec

/// One blob on its way from the content store into a repository, if it is not there already.
struct BlobUpload: Sendable {
    let content: ContentDescriptor
    let repository: RemoteRepository
    let store: ContentStore
    let threads: BlockingThreads
    /// Another repository of the same registry that may have it.
    let source: String?
    let report: @Sendable (PushProgress.Step) -> Void

    func run() async throws(RegistryClientError) {
        var patience = Patience()
        while true {
            do throws(RegistryClientError) { return report(try await attempt()) } catch {
                guard let time = patience.next(after: error) else { throw error }
                report(.retrying(reason: "\(error)"))
                try await pause(time)
            }
        }
    }

    /// The step that it ended with.
    private func attempt() async throws(RegistryClientError) -> PushProgress.Step {
        if try await repository.has(content.digest) { return .present }
        guard case .open(let place) = try await repository.beginUpload(of: content.digest, mounting: source) else {
            return .mounted(from: source ?? "")
        }
        let (store, digest) = (store, content.digest)
        let file = try await threads.run { () throws(RegistryClientError) in
            TransferFile(try storing { () throws(ContentStoreError) in try store.open(digest) })
        }
        let report = report
        try await repository.upload(file, as: content, to: place) { report(.uploading($0)) }
        return .uploaded
    }
}
