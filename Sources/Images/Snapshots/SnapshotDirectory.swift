internal import ImageSpec
internal import LinuxKernel
internal import Synchronization

/// The directory that a snapshotter keeps, whichever it is: names, facts and their changes, each at once.
final class SnapshotDirectory: Sendable {
    let path: String
    let root: OwnedDescriptor
    /// What could not be understood at open, and where it is now.
    let damaged: [String]
    private let lock: OwnedDescriptor
    /// Held while names change hands, so that no layer goes while something is put on it. Never while trees are
    /// made, copied or removed.
    private let names = Mutex<Void>(())

    init(opening path: String) throws(SnapshotError) {
        let root = try arranging { () throws(SystemError) in
            try Descriptor.workingDirectory.makeDirectories(path, mode: SnapshotLayout.directoryMode)
            return try Descriptor.workingDirectory.open(path, [.directory])
        }
        let directory = root.descriptor
        let lock = try arranging { () throws(SystemError) in
            try directory.changeMode(to: SnapshotLayout.directoryMode)
            return try directory.open(SnapshotLayout.lock, [.readWrite, .create], mode: 0o600)
        }
        let lockDescriptor = lock.descriptor
        let isOurs = try arranging { () throws(SystemError) in try lockDescriptor.lock(.exclusive, wait: false) }
        guard isOurs else { throw .inUse(path: path) }
        damaged = try arranging { () throws(SystemError) in try Self.recover(directory, path) }
        // Mounts show their directories' paths for as long as they live.
        self.path = try arranging { () throws(SystemError) in
            try Descriptor.workingDirectory.readSymbolicLink(directory.procPath)
        }
        self.root = root
        self.lock = lock
    }

    // MARK: Recovery

    /// What a crash left half made or half removed goes; what cannot be understood is set aside.
    private static func recover(_ root: Descriptor, _ path: String) throws(SystemError) -> [String] {
        for name in SnapshotLayout.directories {
            try root.makeDirectories(name, mode: SnapshotLayout.directoryMode)
        }
        for place in [SnapshotLayout.new, SnapshotLayout.trash] {
            for (name, _) in try root.entries(of: place) { try root.removeTree("\(place)/\(name)") }
        }
        var damaged: [String] = []
        for (name, _) in try root.entries(of: SnapshotLayout.layers) where !isSound(layer: name, in: root) {
            let place = "\(SnapshotLayout.damaged)/\(name.prefix(160))-\(SnapshotLayout.random())"
            try root.rename("\(SnapshotLayout.layers)/\(name)", to: place)
            damaged.append("\(path)/\(place)")
        }
        return damaged
    }

    private static func isSound(layer name: String, in root: Descriptor) -> Bool {
        let place = "\(SnapshotLayout.layers)/\(name)"
        guard SnapshotLayout.chain(named: name) != nil,
            let diffID = try? root.readSymbolicLink("\(place)/\(SnapshotLayout.diffID)"), (try? Digest(diffID)) != nil,
            let tree = try? root.status(of: "\(place)/\(SnapshotLayout.tree)", followingLinks: false)
        else { return false }
        return tree.kind == .directory
    }

    // MARK: Layers

    func contains(_ chain: ChainID) -> Bool {
        (try? root.descriptor.exists(SnapshotLayout.path(of: chain))) == true
    }

    /// The chains from `chain` down to its lowest layer.
    func stack(from chain: ChainID) throws(SnapshotError) -> [ChainID] {
        var stack: [ChainID] = []
        var next: ChainID? = chain
        while let chain = next {
            guard contains(chain), stack.count < 1024 else { throw .noSuchLayer(chain) }
            stack.append(chain)
            next = try parent(of: chain)
        }
        return stack
    }

    private func parent(of chain: ChainID) throws(SnapshotError) -> ChainID? {
        try link(SnapshotLayout.parent, in: SnapshotLayout.path(of: chain)).flatMap(SnapshotLayout.chain(named:))
    }

    /// The target of the link `name`; nil if there is none.
    private func link(_ name: String, in place: String) throws(SnapshotError) -> String? {
        do { return try root.descriptor.readSymbolicLink("\(place)/\(name)") } catch {
            guard error.errno == .noEntry else { throw .system(error) }
            return nil
        }
    }

    func layers() throws(SnapshotError) -> [LayerSnapshot] {
        var layers: [LayerSnapshot] = []
        for chain in try names(in: SnapshotLayout.layers).compactMap(SnapshotLayout.chain(named:)) {
            guard let text = try link(SnapshotLayout.diffID, in: SnapshotLayout.path(of: chain)),
                let diffID = try? Digest(text)
            else { continue }
            layers.append(LayerSnapshot(chain: chain, parent: try parent(of: chain), diffID: diffID))
        }
        return layers
    }

    func names(in place: String) throws(SnapshotError) -> [String] {
        try arranging { () throws(SystemError) in try root.descriptor.entries(of: place).map(\.name) }
    }

    func open(_ place: String) throws(SnapshotError) -> OwnedDescriptor {
        try arranging { () throws(SystemError) in try root.descriptor.open(place, [.directory, .noFollow]) }
    }

    func openTree(of chain: ChainID) throws(SnapshotError) -> OwnedDescriptor {
        guard contains(chain) else { throw .noSuchLayer(chain) }
        return try open("\(SnapshotLayout.path(of: chain))/\(SnapshotLayout.tree)")
    }

    // MARK: Containers

    /// The layer that container `id` stands on; nil for none.
    func layer(ofContainer id: String) throws(SnapshotError) -> ChainID? {
        let place = try existingContainer(id)
        return try link(SnapshotLayout.layer, in: place).flatMap(SnapshotLayout.chain(named:))
    }

    /// The path of container `id`'s directory below the root.
    func existingContainer(_ id: String) throws(SnapshotError) -> String {
        guard SnapshotLayout.isContainerName(id) else { throw .invalidName(id) }
        let place = SnapshotLayout.path(ofContainer: id)
        let isThere = try arranging { () throws(SystemError) in try root.descriptor.exists(place) }
        guard isThere else { throw .noSuchContainer(id) }
        return place
    }
}

// MARK: Changes

extension SnapshotDirectory {
    /// Makes a directory that ``settle(_:at:on:)`` gives a name, or ``abandon(_:)`` removes.
    func begin() throws(SnapshotError) -> String {
        let place = "\(SnapshotLayout.new)/\(SnapshotLayout.random())"
        try arranging { () throws(SystemError) in
            try root.descriptor.makeDirectory(place, mode: SnapshotLayout.directoryMode)
        }
        return place
    }

    func abandon(_ place: String) { try? root.descriptor.removeTree(place) }

    /// Names what was made, if the layer that it stands on is still there; false if the name is taken.
    func settle(_ place: String, at name: String, on parent: ChainID?) throws(SnapshotError) -> Bool {
        try exclusively { () throws(SnapshotError) in
            if let parent, !contains(parent) { throw .noSuchLayer(parent) }
            do throws(SystemError) { try root.descriptor.rename(place, to: name, replacing: false) } catch {
                guard error.errno == .exists || error.errno == .notEmpty else { throw .system(error) }
                return false
            }
            return true
        }
    }

    /// Makes a container's directory, which `fill` fills, above `chain`.
    func makeContainer(_ id: String, on chain: ChainID?, _ fill: (String) throws(SnapshotError) -> Void)
        throws(SnapshotError)
    {
        guard SnapshotLayout.isContainerName(id) else { throw .invalidName(id) }
        let place = try begin()
        do throws(SnapshotError) {
            try fill(place)
            if let chain { try link(place, to: chain) }
            let isNew = try settle(place, at: SnapshotLayout.path(ofContainer: id), on: chain)
            guard isNew else { throw .containerExists(id) }
        } catch {
            abandon(place)
            throw error
        }
    }

    private func link(_ place: String, to chain: ChainID) throws(SnapshotError) {
        try arranging { () throws(SystemError) in
            try root.descriptor.makeSymbolicLink(
                "\(place)/\(SnapshotLayout.layer)", to: SnapshotLayout.name(of: chain))
        }
    }

    /// Takes the name from a layer that nothing stands on.
    func removeLayer(_ chain: ChainID) throws(SnapshotError) {
        let doomed = try exclusively { () throws(SnapshotError) in
            if let user = try user(of: chain) { throw .layerInUse(chain, by: user) }
            return try discard(SnapshotLayout.path(of: chain))
        }
        try emptyTrash(doomed)
    }

    func removeContainer(_ id: String) throws(SnapshotError) {
        guard SnapshotLayout.isContainerName(id) else { throw .invalidName(id) }
        let doomed = try exclusively { () throws(SnapshotError) in
            try discard(SnapshotLayout.path(ofContainer: id))
        }
        try emptyTrash(doomed)
    }

    private func user(of chain: ChainID) throws(SnapshotError) -> String? {
        let name = SnapshotLayout.name(of: chain)
        for layer in try names(in: SnapshotLayout.layers)
        where try link(SnapshotLayout.parent, in: "\(SnapshotLayout.layers)/\(layer)") == name {
            return "layer \(layer)"
        }
        for container in try names(in: SnapshotLayout.containers)
        where try link(SnapshotLayout.layer, in: "\(SnapshotLayout.containers)/\(container)") == name {
            return "container \(container)"
        }
        return nil
    }

    /// Moves `place` to the trash, from where a removal can go on after a crash; nil if it is not there.
    private func discard(_ place: String) throws(SnapshotError) -> String? {
        let doomed = "\(SnapshotLayout.trash)/\(SnapshotLayout.random())"
        do { try root.descriptor.rename(place, to: doomed) } catch {
            guard error.errno == .noEntry else { throw .system(error) }
            return nil
        }
        return doomed
    }

    private func emptyTrash(_ doomed: String?) throws(SnapshotError) {
        guard let doomed else { return }
        try arranging { () throws(SystemError) in try root.descriptor.removeTree(doomed) }
    }

    private func exclusively<Value: Sendable>(_ body: () throws(SnapshotError) -> Value) throws(SnapshotError) -> Value
    {
        let outcome = names.withLock { _ -> Result<Value, SnapshotError> in
            do throws(SnapshotError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}

/// Runs `body`, whose system calls' failures become a snapshotter's.
func arranging<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(SnapshotError) -> Value {
    do { return try body() } catch { throw .system(error) }
}
