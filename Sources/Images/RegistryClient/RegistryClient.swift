public import BlockingThreads
public import HTTPTransfers
internal import Synchronization

/// The way to all registries: connections that are kept, downloads that several wait for, and what was learnt of how
/// each registry is reached.
public final class RegistryClient: Sendable {
    let transfers: HTTPTransfers
    let threads: BlockingThreads
    let downloads = SharedDownloads()
    private let rules: RegistryRules
    /// Of the addresses that a registry may have, the one that answered.
    private let answering = Mutex<[String: RegistryAddress]>([:])

    public init(_ transfers: HTTPTransfers, threads: BlockingThreads, rules: RegistryRules = RegistryRules()) {
        self.transfers = transfers
        self.threads = threads
        self.rules = rules
    }

    func addresses(of domain: String) throws(RegistryClientError) -> [RegistryAddress] {
        if let known = answering.withLock({ $0[domain] }) { return [known] }
        return try rules.addresses(of: domain)
    }

    func addresses(of mirror: RegistryMirror) throws(RegistryClientError) -> [RegistryAddress] {
        [try rules.address(of: mirror)]
    }

    /// Conversations with the mirrors of `domain`, in their order. They are held without the user's login, which is
    /// for another host (foreign-credentials).
    func mirrors(of domain: String) -> [RegistrySession] {
        rules.mirrors.filter { $0.registry == domain }.map { RegistrySession(self, mirror: $0) }
    }

    func note(_ address: RegistryAddress, answersFor domain: String) {
        answering.withLock { $0[domain] = address }
    }
}
