import BlockingThreads
import ContentStore
import HTTPTransfers
import Harness
import ImageSpec
import LinuxKernel
import Synchronization

@testable import RegistryClient

/// A content store and a client of registries.
final class PullFixture: Sendable {
    private static let transfers = Result { try HTTPTransfers() }

    let store: ContentStore
    let client: RegistryClient
    let path: String
    private let told = Mutex<[FetchProgress.Step]>([])

    init(in scratch: Scratch, rules: RegistryRules = RegistryRules()) throws {
        path = scratch("content")
        store = try ContentStore(opening: path)
        client = RegistryClient(
            try Self.transfers.get(), threads: BlockingThreads(limit: 8), rules: rules)
    }

    var steps: [FetchProgress.Step] { told.withLock { $0 } }
    var leftDownloads: [String] { Files.names(in: path + "/downloads") }

    @discardableResult
    func pull(
        _ reference: String, _ credentials: RegistryCredentials? = nil, platform: Platform? = nil,
        lease: ContentLease? = nil
    ) async throws(RegistryClientError) -> FetchedImage {
        let reference = try parsing { () throws(ImageSpecError) in try ImageReference(parsing: reference) }
        let session = RegistrySession(client, domain: reference.domain, credentials: credentials)
        let fetch = ImageFetch(
            client, RemoteRepository(session, path: reference.path), into: store, holding: lease ?? store.lease(),
            platform: platform
        ) { progress in self.told.withLock { $0.append(progress.step) } }
        return try await fetch.run(reference)
    }

    /// Why a pull fails; nil when it does not.
    func refusal(_ reference: String, _ credentials: RegistryCredentials? = nil) async -> RegistryClientError? {
        do { try await pull(reference, credentials) } catch { return error }
        return nil
    }
}
