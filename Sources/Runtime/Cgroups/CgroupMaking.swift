internal import LinuxKernel

/// Makes a cgroup with those above it, and takes back what it made should a later step fail.
struct CgroupMaking {
    private var made: [(parent: CgroupDirectory, name: String)] = []

    /// Walks down `path` below the mount point. `prepare` sees every parent before its child is made, and `finish`
    /// every child with its parent after that, also those that were there.
    mutating func make(
        _ path: String, below mountPoint: String,
        prepare: (CgroupDirectory) -> Void = { _ in },
        finish: (CgroupDirectory, CgroupDirectory) throws(CgroupError) -> Void = { _, _ in }
    ) throws(CgroupError) -> CgroupDirectory {
        var current = try CgroupDirectory.openMount(mountPoint)
        for name in path.pieces(at: "/").map(String.init) {
            prepare(current)
            if try current.make(name) { made.append((current, name)) }
            let child = try current.open(name)
            try finish(current, child)
            current = child
        }
        return current
    }

    /// Removes what was made, the last first.
    mutating func undo() {
        for (parent, name) in made.reversed() { try? parent.remove(name) }
        made = []
    }
}
