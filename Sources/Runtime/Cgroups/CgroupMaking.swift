internal import LinuxKernel

/// A cgroup as its maker holds it.
struct MadeCgroup {
    let directory: CgroupDirectory
    /// Nil of a hierarchy's root.
    let parent: CgroupDirectory?
    /// It was not there before: nobody else can be using it.
    let isNew: Bool
}

/// Makes a cgroup with those above it, and takes back what it made should a later step fail.
struct CgroupMaking {
    private var made: [(parent: CgroupDirectory, name: String)] = []

    /// Walks down `path` below the mount point. `prepare` sees every parent before its child is made, and `finish`
    /// every child with its parent after that, also those that were there.
    mutating func make(
        _ path: String, below mountPoint: String,
        prepare: (CgroupDirectory) -> Void = { _ in },
        finish: (CgroupDirectory, CgroupDirectory) throws(CgroupError) -> Void = { _, _ in }
    ) throws(CgroupError) -> MadeCgroup {
        var current = MadeCgroup(directory: try CgroupDirectory.openMount(mountPoint), parent: nil, isNew: false)
        for name in path.pieces(at: "/").map(String.init) {
            let parent = current.directory
            prepare(parent)
            let isNew = try parent.make(name)
            if isNew { made.append((parent, name)) }
            let child = try parent.open(name)
            try finish(parent, child)
            current = MadeCgroup(directory: child, parent: parent, isNew: isNew)
        }
        return current
    }

    /// Removes what was made, the last first. What cannot be removed yet, since a process is in it, is so the next time.
    mutating func undo() {
        made = made.reversed().filter { place in (try? place.parent.remove(place.name)) == nil }.reversed()
    }
}
