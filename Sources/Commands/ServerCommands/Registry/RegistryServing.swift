internal import BlockingThreads
internal import HTTPService
internal import LineConnections
internal import LinuxKernel
internal import Logging
internal import Registry
internal import RegistryAPI
internal import TransportSecurity

/// Runs a registry until it is told to end.
struct RegistryServing: Sendable {
    let root: String
    let address: ListenAddress
    let rules: RegistryRules
    let access: AccessControl
    let identity: TLSIdentity?
    let hoursBetweenCollections: Int
    let collectsUntagged: Bool
    let log: Logger

    func run() async throws {
        let loop = try EventLoop()
        let signals = try Signals()
        let threads = BlockingThreads(limit: 32)
        let registry = try Registry(opening: root)
        let metrics = RegistryMetrics()
        let door = RegistryDoor(registry, rules: rules, metrics: metrics, on: threads, access: access)
        let service = AccessLog(door, metrics: metrics) { log.info("\($0)") }
        let server = try await HTTPServer(host: address.host, port: address.port, service: service, identity: identity)
        log.notice(
            "wherry-registry \(ServerVersion.current) answers on \(server.address) for \(root)")
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            group.addTask { await collect(registry, on: threads) }
            let signal = try await end(of: signals, on: loop, threads)
            log.notice("signal \(signal): no more clients are taken; requests that run are finished")
            await server.stop(within: .seconds(20))
            group.cancelAll()
        }
        registry.suspendUploads()
    }

    /// The signal that ends the server. SIGHUP has the certificate read again.
    private func end(of signals: Signals, on loop: EventLoop, _ threads: BlockingThreads) async throws(SystemError)
        -> Int32
    {
        while true {
            let signal = try await signals.next(on: loop)
            guard signal == Signal.hangUp else { return signal }
            guard let identity else {
                log.notice("signal \(signal): there is no certificate to read again")
                continue
            }
            do throws(TLSError) {
                try await threads.run { () throws(TLSError) in try identity.reload() }
                log.notice("signal \(signal): the certificate was read again; new connections get it")
            } catch { log.error("signal \(signal): the certificate stays as it was: \(error)") }
        }
    }

    private func collect(_ registry: Registry, on threads: BlockingThreads) async {
        guard hoursBetweenCollections > 0, !rules.isReadOnly else { return }
        while (try? await Task.sleep(for: .seconds(hoursBetweenCollections * 3600))) != nil {
            let rules = CollectionRules.usual(removesUntagged: collectsUntagged)
            do throws(RegistryError) {
                let report = try await threads.run { () throws(RegistryError) in try registry.collect(rules) }
                log.notice("\(report)")
            } catch { log.error("collection: \(error)") }
        }
    }
}

extension CollectionRules {
    /// A push has a day to come from its first blob to its manifest; an upload that rests has a week.
    static func usual(removesUntagged: Bool) -> CollectionRules {
        let day: UInt64 = 86_400_000_000_000
        let now = Timestamp.now.nanoseconds
        return CollectionRules(
            removesUntagged: removesUntagged, olderThan: Timestamp(nanoseconds: now - day),
            uploadsOlderThan: Timestamp(nanoseconds: now - 7 * day))
    }
}
