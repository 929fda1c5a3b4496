internal import LinuxKernel

/// What the tree below `directory` takes, each file once however many names it has.
func treeUsage(_ directory: consuming OwnedDescriptor) throws(SnapshotError) -> SnapshotUsage {
    var count = TreeCount()
    let descriptor = directory.descriptor
    try arranging { () throws(SystemError) in try count.add(descriptor, depth: 0) }
    return count.usage
}

private struct TreeCount {
    /// A container can nest directories without end; what lies deeper is not counted.
    private static let deepest = 512

    private struct Inode: Hashable {
        let device: UInt64
        let number: UInt64
    }

    var usage = SnapshotUsage(size: 0, files: 0)
    private var linked: Set<Inode> = []

    /// A container may be at work in the tree: what goes away meanwhile is not counted.
    mutating func add(_ directory: Descriptor, depth: Int) throws(SystemError) {
        for (name, _) in try directory.names() {
            do { try add(name, in: directory, depth: depth) } catch {
                guard error.errno == .noEntry else { throw error }
            }
        }
    }

    private mutating func add(_ name: FileName, in directory: Descriptor, depth: Int) throws(SystemError) {
        let status = try directory.status(of: name)
        let isShared = status.kind != .directory && status.linkCount > 1
        if isShared, !linked.insert(Inode(device: status.device, number: status.inode)).inserted { return }
        usage.files += 1
        if status.kind == .regular { usage.size += status.size }
        guard status.kind == .directory, depth < Self.deepest else { return }
        let child = try directory.open(name, [.directory, .noFollow])
        try add(child.descriptor, depth: depth + 1)
    }
}
