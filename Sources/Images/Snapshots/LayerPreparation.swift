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
