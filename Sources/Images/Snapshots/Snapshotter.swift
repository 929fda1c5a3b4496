public import ImageSpec
public import Layers
public import LinuxKernel

/// Keeps unpacked layers and the writable directories of containers, and mounts the two together.
///
/// The story of an image: for each of its layers, from the lowest, ``prepareLayer(_:above:)`` makes a directory to
/// unpack into, and ``commit(_:of:)`` gives it its chain ID for a name, at once and for good; a preparation that is
/// dropped instead leaves nothing behind. Layers are shared: a chain that is there is never made again.
///
/// The story of a container: ``prepareContainer(_:on:)`` makes its writable directory above a chain,
/// ``mount(_:at:)`` shows both as one tree, ``unmount(at:)`` ends that and keeps what the container wrote, and
/// ``removeContainer(_:)`` throws it away.
///
/// All calls block and may be made from any thread. A crash at any moment leaves each snapshot whole or not there.
public protocol Snapshotter: Sendable {
    /// `overlay` or `copy`, for `info`.
    var name: String { get }

    /// Snapshots that could not be understood at open, and where they were moved to: for the log.
    var damaged: [String] { get }

    /// Whether the layers of `chain` are unpacked.
    func contains(_ chain: ChainID) -> Bool

    /// A directory to unpack the top layer of `chain` into; `parent` is the chain below, nil for the lowest layer.
    func prepareLayer(_ chain: ChainID, above parent: ChainID?) throws(SnapshotError) -> LayerPreparation

    /// Makes a preparation last. If somebody else was faster, that one stays and this one goes.
    func commit(_ preparation: LayerPreparation, of layer: UnpackedLayer) throws(SnapshotError)

    /// Everything unpacked, in no order.
    func layers() throws(SnapshotError) -> [LayerSnapshot]

    /// Removes the top layer of `chain`; one that a layer or a container stands on is ``SnapshotError/layerInUse``.
    func removeLayer(_ chain: ChainID) throws(SnapshotError)

    /// Makes the writable directory of container `id` above `chain`; nil is an empty root filesystem.
    func prepareContainer(_ id: String, on chain: ChainID?) throws(SnapshotError)

    /// Shows the root filesystem of container `id` at the directory `target`, in the caller's mount namespace.
    func mount(_ id: String, at target: String) throws(SnapshotError)

    /// Ends a mount; one that is not there is no error.
    func unmount(at target: String) throws(SnapshotError)

    /// Shows the root filesystem of container `id` at the directory `target`, read-only, whether it is mounted
    /// elsewhere or not. What the container writes meanwhile shows or does not.
    func show(_ id: String, at target: String) throws(SnapshotError)

    /// What container `id` has changed of its chain, in order of paths. `places` are paths that whoever runs the
    /// container needs to mount at: empty files and directories that were made there do not count.
    func changes(ofContainer id: String, ignoring places: Set<[UInt8]>) throws(SnapshotError) -> [TreeChange]

    /// A tree that has what container `id` has changed, at the paths of ``changes(ofContainer:ignoring:)``.
    func changedTree(ofContainer id: String) throws(SnapshotError) -> OwnedDescriptor

    /// Removes what container `id` wrote. It must not be mounted. What is not there is no error.
    func removeContainer(_ id: String) throws(SnapshotError)

    /// The identifiers of all containers that have a writable directory.
    func containers() throws(SnapshotError) -> [String]

    /// What the top layer of `chain` takes on the disk.
    func usage(of chain: ChainID) throws(SnapshotError) -> SnapshotUsage

    /// What container `id` wrote.
    func usage(ofContainer id: String) throws(SnapshotError) -> SnapshotUsage
}

/// An unpacked layer.
public struct LayerSnapshot: Hashable, Sendable {
    public let chain: ChainID
    public let parent: ChainID?
    public let diffID: Digest
}

/// Room that a tree takes.
public struct SnapshotUsage: Hashable, Sendable {
    /// Bytes, each file once however many names it has.
    public var size: Int64
    public var files: Int
}
