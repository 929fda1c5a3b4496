/// Opens the snapshots at `path` by overlayfs, or by plain copies where the kernel refuses that.
public func openSnapshots(at path: String) throws(SnapshotError) -> any Snapshotter {
    do { return try OverlaySnapshotter(opening: "\(path)/overlay") } catch {
        guard case .overlayUnavailable = error else { throw error }
        return try CopySnapshotter(opening: "\(path)/copy")
    }
}
