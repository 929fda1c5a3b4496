public import ImageSpec
public import Layers
public import LinuxKernel

/// Snapshots by plain copies, for kernels and file systems where overlayfs cannot serve: each layer's directory holds
/// the layers below too, and each container has a copy of all of it. Where the file system shares blocks between
/// files, the copies cost next to nothing.
public final class CopySnapshotter: Snapshotter {
    public let name = "copy"
    private let directory: SnapshotDirectory

    /// Opens the snapshots at `path`, making what is missing, and finishes or undoes what a crash left half done.
    public init(opening path: String) throws(SnapshotError) { directory = try SnapshotDirectory(opening: path) }

    public var damaged: [String] { directory.damaged }

    // MARK: Layers

    public func contains(_ chain: ChainID) -> Bool { directory.contains(chain) }

    public func prepareLayer(_ chain: ChainID, above parent: ChainID?) throws(SnapshotError) -> LayerPreparation {
        let preparation = try LayerPreparation(chain, above: parent, whiteouts: .applied, in: directory)
        guard let parent else { return preparation }
        let source = try directory.openTree(of: parent)
        let (from, to) = (source.descriptor, preparation.directory)
        try arranging { () throws(SystemError) in try from.copyTree(into: to) }
        return preparation
    }

    public func commit(_ preparation: LayerPreparation, of layer: UnpackedLayer) throws(SnapshotError) {
        try preparation.settle(as: layer)
    }

    public func layers() throws(SnapshotError) -> [LayerSnapshot] { try directory.layers() }

    public func removeLayer(_ chain: ChainID) throws(SnapshotError) { try directory.removeLayer(chain) }

    // MARK: Containers

    public func prepareContainer(_ id: String, on chain: ChainID?) throws(SnapshotError) {
        try directory.makeContainer(id, on: chain) { (place) throws(SnapshotError) in
            let tree = "\(place)/\(SnapshotLayout.tree)"
            try arranging { () throws(SystemError) in
                try directory.root.descriptor.makeDirectory(tree, mode: 0o755)
                try directory.root.descriptor.changeMode(of: tree, to: 0o755)
            }
            guard let chain else { return }
            let source = try directory.openTree(of: chain)
            let target = try directory.open(tree)
            let (from, to) = (source.descriptor, target.descriptor)
            try arranging { () throws(SystemError) in try from.copyTree(into: to) }
        }
    }

    public func mount(_ id: String, at target: String) throws(SnapshotError) {
        let tree = try directory.open("\(try directory.existingContainer(id))/\(SnapshotLayout.tree)")
        do {
            let targetDirectory = try Descriptor.workingDirectory.open(target, [.path, .directory])
            try tree.descriptor.bindMount(on: targetDirectory.descriptor)
        } catch { throw .mount(target, error) }
    }

    public func show(_ id: String, at target: String) throws(SnapshotError) { try mount(id, at: target) }

    public func unmount(at target: String) throws(SnapshotError) {
        do { try unmountLazily(target) } catch { throw .mount(target, error) }
    }

    public func removeContainer(_ id: String) throws(SnapshotError) { try directory.removeContainer(id) }

    public func containers() throws(SnapshotError) -> [String] { try directory.names(in: SnapshotLayout.containers) }

    // MARK: Changes

    public func changes(ofContainer id: String, ignoring places: Set<[UInt8]>) throws(SnapshotError) -> [TreeChange] {
        let tree = try changedTree(ofContainer: id)
        var comparison = TreeComparison(ignoring: places)
        if let chain = try directory.layer(ofContainer: id) {
            let base = try directory.openTree(of: chain)
            let (one, other) = (tree.descriptor, base.descriptor)
            try arranging { () throws(SystemError) in try comparison.compare(one, with: other) }
        } else {
            let one = tree.descriptor
            try arranging { () throws(SystemError) in try comparison.compare(one, with: nil) }
        }
        return comparison.inOrder()
    }

    public func changedTree(ofContainer id: String) throws(SnapshotError) -> OwnedDescriptor {
        try directory.open("\(try directory.existingContainer(id))/\(SnapshotLayout.tree)")
    }

    // MARK: Usage

    /// What the copy takes, the layers below included: nothing tells the two apart.
    public func usage(of chain: ChainID) throws(SnapshotError) -> SnapshotUsage {
        try treeUsage(try directory.openTree(of: chain))
    }

    public func usage(ofContainer id: String) throws(SnapshotError) -> SnapshotUsage {
        try treeUsage(try directory.open("\(try directory.existingContainer(id))/\(SnapshotLayout.tree)"))
    }
}
