internal import BlockingThreads
internal import ContentStore
internal import HTTPTransfers
public import LineConnections
public import LineProtocol
internal import LinuxKernel
public import Logging
internal import RegistryClient
internal import Snapshots

/// What a supervisor is told when it starts.
public struct EngineConfiguration: Sendable {
    /// Lasting data.
    public var root: String
    /// What a reboot may forget.
    public var state: String
    /// The program that holds a container: wherry-shim.
    public var shim: String
    /// An OCI runtime with runc's command line.
    public var runtime: String
    /// This program's version.
    public var version: String
    public var registries: RegistryConfiguration

    public init(
        root: String, state: String, shim: String, runtime: String, version: String,
        registries: RegistryConfiguration = RegistryConfiguration()
    ) {
        self.root = root
        self.state = state
        self.shim = shim
        self.runtime = runtime
        self.version = version
        self.registries = registries
    }
}

/// How registries are reached.
public struct RegistryConfiguration: Sendable {
    /// `HOST[:PORT]` of those that may be reached without TLS, or with a certificate that nobody vouches for.
    public var insecure: [String]
    /// `[REGISTRY=]URL` of those who are asked first for what a registry has.
    public var mirrors: [String]
    /// Directories as docker's `certs.d`.
    public var certificateDirectories: [String]

    public init(insecure: [String] = [], mirrors: [String] = [], certificateDirectories: [String] = []) {
        self.insecure = insecure
        self.mirrors = mirrors
        self.certificateDirectories = certificateDirectories
    }
}

/// What the parts of the engine share.
struct Services: Sendable {
    let configuration: EngineConfiguration
    let layout: Layout
    let machine: Machine
    let store: Store
    let content: ContentStore
    let snapshots: any Snapshotter
    let registries: RegistryClient
    let threads: BlockingThreads
    let loop: EventLoop
    let events: EventLog
    let log: Logger
}

/// The supervisor's core. It knows no transport: whoever serves one calls this.
public final class Engine: Sendable {
    public let containers: Containers
    public let images: Images
    public let events: EventLog
    let services: Services
    let volumes: Volumes
    /// Held as long as the engine: one supervisor a root.
    private let lock: OwnedDescriptor

    /// Opens what lies at the configuration's root, makes what is missing, and takes up every container where the
    /// last supervisor left it. Throws when another supervisor works there, or the database is of a newer version.
    public static func open(_ configuration: EngineConfiguration, loop: EventLoop, log: Logger)
        async throws(ProtocolFailure) -> Engine
    {
        let layout = Layout(root: configuration.root, state: configuration.state)
        let threads = BlockingThreads(limit: 16)
        let lock = try takeRoot(layout)
        let (content, snapshots) = try await threads.run { () throws(ProtocolFailure) in try openImageRooms(layout) }
        let store: Store
        do { store = try Store(at: layout.database) } catch { throw ProtocolFailure(error) }
        if let path = try await store.open() {
            log.error("the database was damaged: it is set aside as \(path), and a new one is used")
        }
        let services = Services(
            configuration: configuration, layout: layout, machine: .current(), store: store, content: content,
            snapshots: snapshots, registries: try makeRegistryClient(configuration.registries, threads),
            threads: threads, loop: loop, events: EventLog(), log: log)
        let engine = Engine(services, lock: lock)
        try await engine.restore()
        return engine
    }

    private init(_ services: Services, lock: consuming OwnedDescriptor) {
        self.services = services
        self.lock = lock
        events = services.events
        images = Images(services)
        volumes = Volumes(services)
        containers = Containers(services, images: images, volumes: volumes)
    }

    private func restore() async throws(ProtocolFailure) {
        let (shown, snapshots) = (services.layout.shown, services.snapshots)
        await services.threads.run { () throws(Never) in clearShown(shown, snapshots) }
        try await images.restore()
        try await volumes.restore()
        try await containers.restore()
    }

    /// Removes an image, or a name of it, unless containers need it.
    public func removeImage(_ name: String, force: Bool) async throws(ProtocolFailure) -> ImageRemove.Result {
        let containers = containers
        return try await images.remove(name, force: force) { await containers.users(of: $0) }
    }

    /// Removes the images that no container was made from, and frees what nothing refers to.
    public func pruneImages(_ wanted: ImagePrune.Parameters) async throws(ProtocolFailure) -> ImagePrune.Result {
        let containers = containers
        return try await images.prune(wanted) { await containers.users(of: $0) }
    }
}

/// What a supervisor was just opening when it was killed.
private func clearShown(_ path: String, _ snapshots: any Snapshotter) {
    for (name, _) in (try? Descriptor.workingDirectory.entries(of: path)) ?? [] {
        try? snapshots.unmount(at: "\(path)/\(name)")
        try? Descriptor.workingDirectory.removeDirectory("\(path)/\(name)")
    }
}

/// Makes the directories, and takes the lock on the root.
private func takeRoot(_ layout: Layout) throws(ProtocolFailure) -> OwnedDescriptor {
    do throws(SystemError) {
        // Whatever the root's own mode is: nothing below it is for other users (state-permissions).
        for directory in [layout.root, layout.containers, layout.volumes, layout.state, layout.containersState] {
            try Descriptor.workingDirectory.makeDirectories(directory, mode: 0o700)
        }
        let lock = try Descriptor.workingDirectory.open(layout.lock, [.readWrite, .create, .noFollow], mode: 0o600)
        if try lock.descriptor.lock(.exclusive, wait: false) { return lock }
    } catch { throw ProtocolFailure(error) }
    throw ProtocolFailure(
        .inUse, "another supervisor works in \(layout.root): give this one its own --root, --state and --socket")
}

private func makeRegistryClient(_ registries: RegistryConfiguration, _ threads: BlockingThreads)
    throws(ProtocolFailure) -> RegistryClient
{
    let proxies = TransferProxies(variable: ThisProcess.variable)
    let rules = RegistryRules(
        insecure: Set(registries.insecure), mirrors: try mirrors(registries.mirrors),
        certificates: registries.certificateDirectories.map(CertificateDirectory.init))
    do { return RegistryClient(try HTTPTransfers(proxies: proxies), threads: threads, rules: rules) } catch {
        throw ProtocolFailure(error)
    }
}

private func mirrors(_ texts: [String]) throws(ProtocolFailure) -> [RegistryMirror] {
    var mirrors: [RegistryMirror] = []
    for text in texts {
        guard let mirror = RegistryMirror(parsing: text) else {
            throw ProtocolFailure(
                .invalidArgument,
                "registry mirror \"\(text)\": it must be [REGISTRY=]URL, of http or https, without user, query or "
                    + "fragment")
        }
        mirrors.append(mirror)
    }
    return mirrors
}

private func openImageRooms(_ layout: Layout) throws(ProtocolFailure) -> (ContentStore, any Snapshotter) {
    let content: ContentStore
    do { content = try ContentStore(opening: layout.content) } catch { throw ProtocolFailure(error) }
    do { return (content, try openSnapshots(at: layout.snapshots)) } catch { throw ProtocolFailure(error) }
}
