public import ImageSpec
public import Layers
public import LinuxKernel
internal import Synchronization

/// A layer on its way into the snapshots. Dropped without a commit, it leaves nothing behind.
public final class LayerPreparation: Sendable {
    public let chain: ChainID
    public let parent: ChainID?
    /// How whiteouts have to be kept in ``directory``.
    public let whiteouts: WhiteoutForm
    private let owner: SnapshotDirectory
    private let place: String
    private let tree: OwnedDescriptor
    private let isSettled = Atomic(false)

    /// Where to unpack.
    public var directory: Descriptor { tree.descriptor }

    /// Makes an empty directory, to be unpacked into.
    init(_ chain: ChainID, above parent: ChainID?, whiteouts: WhiteoutForm, in owner: SnapshotDirectory)
        throws(SnapshotError)
    {
        if let parent, !owner.contains(parent) { throw .noSuchLayer(parent) }
        let place = try owner.begin()
        let tree = try arranging { () throws(SystemError) in
            try owner.root.descriptor.makeDirectory("\(place)/\(SnapshotLayout.tree)", mode: 0o755)
            // Whatever the umask is: it stays so if the layer has no entry for its root.
            try owner.root.descriptor.changeMode(of: "\(place)/\(SnapshotLayout.tree)", to: 0o755)
            return try owner.root.descriptor.open("\(place)/\(SnapshotLayout.tree)", [.directory, .noFollow])
        }
        self.chain = chain
        self.parent = parent
        self.whiteouts = whiteouts
        self.owner = owner
        self.place = place
        self.tree = tree
    }

    deinit {
        if !isSettled.load(ordering: .acquiring) { owner.abandon(place) }
    }

    /// What the layers below have at `path`: for overlays, where ``directory`` does not hold them.
    func statusBelow(_ path: [UInt8]) -> FileStatus? {
        guard case .overlay = whiteouts, let parent, let stack = try? owner.stack(from: parent) else { return nil }
        for chain in stack {
            guard let tree = try? owner.openTree(of: chain) else { return nil }
            if let status = try? tree.descriptor.statusWithin(path) { return status }
        }
        return nil
    }

    /// Writes down what the layer is, makes all of it last, and names it.
    func settle(as layer: UnpackedLayer) throws(SnapshotError) {
        try arranging { () throws(SystemError) in
            let root = owner.root.descriptor
            try root.makeSymbolicLink("\(place)/\(SnapshotLayout.diffID)", to: layer.diffID.description)
            if let parent {
                try root.makeSymbolicLink(
                    "\(place)/\(SnapshotLayout.parent)", to: SnapshotLayout.name(of: parent))
            }
            try directory.synchronizeFilesystem()
        }
        guard try owner.settle(place, at: SnapshotLayout.path(of: chain), on: parent) else { return }
        isSettled.store(true, ordering: .releasing)
        try arranging { () throws(SystemError) in
            try owner.root.descriptor.synchronizeParent(of: SnapshotLayout.path(of: chain))
        }
    }
}

extension Descriptor {
    /// The status of `path` below this directory, through no link of any kind.
    fileprivate func statusWithin(_ path: [UInt8]) throws(SystemError) -> FileStatus {
        guard !path.isEmpty, let name = FileName(bytes: path) else { return try status() }
        let file = try open(name, [.path, .noFollow], resolving: [.beneath, .noSymlinks])
        return try file.descriptor.status()
    }
}
