internal import Synchronization

/// Who is asked for what one pull needs: the registry's mirrors in their order, and at last the registry itself.
final class PullSources: Sendable {
    private let home: RegistrySession
    private let mirrors: Mutex<[RegistrySession]>

    init(_ home: RegistrySession) {
        self.home = home
        mirrors = Mutex(home.mirrors)
    }

    /// At least the registry itself.
    var all: [RegistrySession] { mirrors.withLock { $0 } + [home] }

    /// What the first source gives that `ask` succeeds with; if none does, what the registry itself says.
    func first<Value>(_ ask: (RegistrySession) async throws(RegistryClientError) -> Value)
        async throws(RegistryClientError) -> Value
    {
        for mirror in all.dropLast() {
            do throws(RegistryClientError) { return try await ask(mirror) } catch { try passOver(mirror, error) }
        }
        return try await ask(home)
    }

    /// Whatever a mirror fails with, the next source is asked; one that cannot be reached or that lies is not asked
    /// again by this pull. Throws when the pull itself is to end.
    func passOver(_ mirror: RegistrySession, _ error: RegistryClientError) throws(RegistryClientError) {
        switch error {
        case .cancelled: throw error
        case .transfer, .untrustworthy: mirrors.withLock { $0.removeAll { $0 === mirror } }
        default: break
        }
    }
}
