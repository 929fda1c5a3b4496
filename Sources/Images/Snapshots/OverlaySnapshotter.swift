public import ImageSpec
public import Layers
public import LinuxKernel

/// Snapshots by overlayfs: a layer is unpacked alone, and a container's tree is a mount of all of them.
public final class OverlaySnapshotter: Snapshotter {
    public let name = "overlay"
    private let directory: SnapshotDirectory
    /// How many layers one mount is sure to take on every kernel, by either way of mounting.
    public static let maximumLayers = 127

    /// Opens the snapshots at `path`, making what is missing, and finishes or undoes what a crash left half done.
    /// Throws ``SnapshotError/overlayUnavailable(_:)`` where the kernel refuses a mount, which is tried.
    public init(opening path: String) throws(SnapshotError) {
        directory = try SnapshotDirectory(opening: path)
        try tryMounting()
    }

    public var damaged: [String] { directory.damaged }

    // MARK: Layers

    public func contains(_ chain: ChainID) -> Bool { directory.contains(chain) }

    public func prepareLayer(_ chain: ChainID, above parent: ChainID?) throws(SnapshotError) -> LayerPreparation {
        try LayerPreparation(chain, above: parent, whiteouts: .overlay(userAttributes: false), in: directory)
    }

    public func commit(_ preparation: LayerPreparation, of layer: UnpackedLayer) throws(SnapshotError) {
        try preparation.settle(as: layer)
    }

    public func layers() throws(SnapshotError) -> [LayerSnapshot] { try directory.layers() }

    public func removeLayer(_ chain: ChainID) throws(SnapshotError) { try directory.removeLayer(chain) }

    // MARK: Containers

    public func prepareContainer(_ id: String, on chain: ChainID?) throws(SnapshotError) {
        try directory.makeContainer(id, on: chain) { (place) throws(SnapshotError) in
            let lower = try lowerTrees(of: chain)
            guard lower.count <= Self.maximumLayers else {
                throw .tooManyLayers(lower.count, limit: Self.maximumLayers)
            }
            try fill(place, above: lower[0].status)
        }
    }

    /// The root of the mounted tree has the upper directory's owner and mode, which therefore are the top layer's.
    private func fill(_ place: String, above top: FileStatus) throws(SnapshotError) {
        try arranging { () throws(SystemError) in
            let root = directory.root.descriptor
            let upper = "\(place)/\(SnapshotLayout.upper)"
            try root.makeDirectory(upper, mode: 0o700)
            try root.changeOwner(of: upper, to: top.owner, group: top.group)
            try root.changeMode(of: upper, to: top.mode)
            let made = try root.open(upper, [.directory, .noFollow])
            try made.descriptor.setTimes(seconds: top.modified.seconds, nanoseconds: top.modified.nanoseconds)
            try root.makeDirectory("\(place)/\(SnapshotLayout.work)", mode: 0o700)
        }
    }

    public func removeContainer(_ id: String) throws(SnapshotError) { try directory.removeContainer(id) }

    public func containers() throws(SnapshotError) -> [String] { try directory.names(in: SnapshotLayout.containers) }

    // MARK: Mounts

    public func mount(_ id: String, at target: String) throws(SnapshotError) {
        let chain = try directory.layer(ofContainer: id)
        try mount(SnapshotLayout.path(ofContainer: id), on: chain, at: target)
    }

    public func show(_ id: String, at target: String) throws(SnapshotError) {
        let place = SnapshotLayout.path(ofContainer: id)
        let upper = try LowerTree("\(try directory.existingContainer(id))/\(SnapshotLayout.upper)", in: directory)
        let lower = [upper] + (try lowerTrees(of: try directory.layer(ofContainer: id)))
        defer { withExtendedLifetime(lower) {} }
        do {
            let targetDirectory = try Descriptor.workingDirectory.open(target, [.path, .directory])
            try OverlayMount(lower: lower.map(\.layer), writable: nil).mount(on: targetDirectory.descriptor)
        } catch { throw .mount("\(place) at \(target)", error) }
    }

    public func unmount(at target: String) throws(SnapshotError) {
        do { try unmountLazily(target) } catch { throw .mount(target, error) }
    }

    private func mount(_ place: String, on chain: ChainID?, at target: String) throws(SnapshotError) {
        let lower = try lowerTrees(of: chain)
        // Their descriptors are only open as long as they live.
        defer { withExtendedLifetime(lower) {} }
        do { try mount(place, above: lower, at: target) } catch { throw .mount(target, error) }
    }

    private func mount(_ place: String, above lower: [LowerTree], at target: String) throws(SystemError) {
        let root = directory.root.descriptor
        let upper = try root.open("\(place)/\(SnapshotLayout.upper)", [.path, .directory, .noFollow])
        let work = try root.open("\(place)/\(SnapshotLayout.work)", [.path, .directory, .noFollow])
        let targetDirectory = try Descriptor.workingDirectory.open(target, [.path, .directory])
        let overlay = OverlayMount(
            lower: lower.map(\.layer),
            writable: .init(
                upper: .init(upper.descriptor, path: "\(directory.path)/\(place)/\(SnapshotLayout.upper)"),
                work: .init(work.descriptor, path: "\(directory.path)/\(place)/\(SnapshotLayout.work)")))
        try overlay.mount(on: targetDirectory.descriptor)
    }

    /// An open directory of a layer.
    private final class LowerTree {
        let owned: OwnedDescriptor
        let path: String
        let status: FileStatus
        var layer: OverlayMount.Layer { OverlayMount.Layer(owned.descriptor, path: path) }

        init(_ place: String, in directory: SnapshotDirectory) throws(SnapshotError) {
            let owned = try directory.open(place)
            let descriptor = owned.descriptor
            status = try arranging { () throws(SystemError) in try descriptor.status() }
            path = "\(directory.path)/\(place)"
            self.owned = owned
        }
    }

    /// What a container on `chain` stands on, the top layer first: never nothing.
    private func lowerTrees(of chain: ChainID?) throws(SnapshotError) -> [LowerTree] {
        guard let chain else { return [try LowerTree(SnapshotLayout.empty, in: directory)] }
        var trees: [LowerTree] = []
        for layer in try directory.stack(from: chain) {
            trees.append(try LowerTree("\(SnapshotLayout.path(of: layer))/\(SnapshotLayout.tree)", in: directory))
        }
        return trees
    }

    /// What the kernel says when it has no overlayfs, or none that can stand on this file system. Anything else may
    /// have passed by the next start, and must not send the supervisor to other snapshots.
    private static let refusals: Set<Errno> = [
        .invalid, .notImplemented, .notPermitted, .notSupported, .noDevice,
    ]

    /// Mounts an empty container once, since only the kernel knows whether it can on this file system.
    private func tryMounting() throws(SnapshotError) {
        let place = try directory.begin()
        defer { directory.abandon(place) }
        try fill(place, above: try lowerTrees(of: nil)[0].status)
        let target = "\(directory.path)/\(place)/target"
        try arranging { () throws(SystemError) in
            try directory.root.descriptor.makeDirectory("\(place)/target", mode: 0o700)
        }
        do { try mount(place, on: nil, at: target) } catch {
            guard case .mount(_, let cause) = error, Self.refusals.contains(cause.errno) else { throw error }
            throw .overlayUnavailable(cause)
        }
        try unmount(at: target)
    }

    // MARK: Changes

    public func changes(ofContainer id: String, ignoring places: Set<[UInt8]>) throws(SnapshotError) -> [TreeChange] {
        let upper = try changedTree(ofContainer: id)
        let lower = try lowerTrees(of: try directory.layer(ofContainer: id))
        defer { withExtendedLifetime(lower) {} }
        var comparison = TreeComparison(ignoring: places)
        let (tree, stack) = (upper.descriptor, LayerStack(layers: lower.map(\.layer.descriptor)))
        try arranging { () throws(SystemError) in try comparison.compare(upper: tree, with: stack) }
        return comparison.inOrder()
    }

    public func changedTree(ofContainer id: String) throws(SnapshotError) -> OwnedDescriptor {
        try directory.open("\(try directory.existingContainer(id))/\(SnapshotLayout.upper)")
    }

    // MARK: Usage

    public func usage(of chain: ChainID) throws(SnapshotError) -> SnapshotUsage {
        try treeUsage(try directory.openTree(of: chain))
    }

    public func usage(ofContainer id: String) throws(SnapshotError) -> SnapshotUsage {
        try treeUsage(try directory.open("\(try directory.existingContainer(id))/\(SnapshotLayout.upper)"))
    }
}
