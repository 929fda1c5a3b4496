internal import Layers
internal import LinuxKernel

/// What a container has changed, in the order of paths: what lies in a directory comes behind it.
///
/// A directory that only has other things in it than before counts as changed, as docker has it.
struct TreeComparison {
    /// Places for mounts: empty files and directories there are nobody's change, nor is their directory's new time.
    let places: Set<[UInt8]>
    private var changes: [TreeChange] = []
    private var holders: Set<[UInt8]> = []

    init(ignoring places: Set<[UInt8]>) { self.places = places }

    // MARK: Overlays

    /// What the upper directory of an overlay has beside the layers below.
    mutating func compare(upper: Descriptor, with stack: LayerStack) throws(SystemError) {
        try compare(upper: upper, at: [], hidesAll: false, with: stack)
    }

    /// `hidesAll`: nothing that the layers below have in this directory shows.
    private mutating func compare(
        upper directory: Descriptor, at path: [UInt8], hidesAll: Bool, with stack: LayerStack
    ) throws(SystemError) {
        if hidesAll { try hide(path, but: directory, in: stack) }
        for (name, _) in try directory.names() {
            let place = name.path(in: path)
            let (status, below) = (try directory.status(of: name), try stack.status(of: place))
            if status.isWhiteout {
                if below != nil { changes.append(TreeChange(.deleted, place)) }
            } else if try isPlaceForMount(place, status, name, in: directory), below == nil {
                holders.insert(path)
            } else if status.kind == .directory {
                let before = changes.count
                let inside = try directory.open(name, [.directory, .noFollow])
                let isOpaque = hidesAll ? true : try directory.isOpaque(name)
                try compare(upper: inside.descriptor, at: place, hidesAll: isOpaque, with: stack)
                note(directory: place, status, below, changedSince: before)
            } else {
                changes.append(TreeChange(below == nil ? .added : .modified, place))
            }
        }
    }

    /// What is below, and shows no more.
    private mutating func hide(_ path: [UInt8], but directory: Descriptor, in stack: LayerStack) throws(SystemError) {
        let kept = Set(try directory.names().map(\.name))
        for name in try stack.names(in: path).subtracting(kept) {
            changes.append(TreeChange(.deleted, name.path(in: path)))
        }
    }

    // MARK: Copies

    /// What `tree` has beside `base`; nil is an empty tree.
    mutating func compare(_ tree: Descriptor, with base: Descriptor?) throws(SystemError) {
        try compare(tree, with: base, at: [])
    }

    private mutating func compare(_ tree: Descriptor, with base: Descriptor?, at path: [UInt8]) throws(SystemError) {
        let names = Set(try tree.names().map(\.name))
        let known = try base.map { (base) throws(SystemError) in Set(try base.names().map(\.name)) } ?? []
        for name in known.subtracting(names) { changes.append(TreeChange(.deleted, name.path(in: path))) }
        for name in names {
            let place = name.path(in: path)
            let status = try tree.status(of: name)
            var below: FileStatus?
            if let base, known.contains(name) { below = try base.status(of: name) }
            if below == nil, try isPlaceForMount(place, status, name, in: tree) {
                holders.insert(path)
                continue
            }
            guard status.kind == .directory else {
                if let below {
                    if try Self.differ(name, status, in: tree, below, in: base) {
                        changes.append(TreeChange(.modified, place))
                    }
                } else {
                    changes.append(TreeChange(.added, place))
                }
                continue
            }
            let before = changes.count
            try compareDirectory(name, in: tree, below, in: base, at: place)
            note(directory: place, status, below, changedSince: before)
        }
    }

    private mutating func compareDirectory(
        _ name: FileName, in tree: Descriptor, _ below: FileStatus?, in base: Descriptor?, at place: [UInt8]
    ) throws(SystemError) {
        let inside = try tree.open(name, [.directory, .noFollow])
        guard below?.kind == .directory, let base else {
            return try compare(inside.descriptor, with: nil, at: place)
        }
        let other = try base.open(name, [.directory, .noFollow])
        try compare(inside.descriptor, with: other.descriptor, at: place)
    }

    private static func differ(
        _ name: FileName, _ status: FileStatus, in tree: Descriptor, _ below: FileStatus, in base: Descriptor?
    ) throws(SystemError) -> Bool {
        guard hasSameLook(status, below), status.size == below.size, status.modified == below.modified,
            status.deviceMajor == below.deviceMajor, status.deviceMinor == below.deviceMinor
        else { return true }
        guard status.kind == .symbolicLink, let base else { return false }
        return try tree.readSymbolicLink(name) != base.readSymbolicLink(name)
    }

    // MARK: Both

    private func isPlaceForMount(_ place: [UInt8], _ status: FileStatus, _ name: FileName, in directory: Descriptor)
        throws(SystemError) -> Bool
    {
        guard places.contains(place) else { return false }
        guard status.kind == .directory else { return status.kind == .regular && status.size == 0 }
        let inside = try directory.open(name, [.directory, .noFollow])
        let names = try inside.descriptor.names()
        return names.allSatisfy { places.contains($0.name.path(in: place)) }
    }

    private static func hasSameLook(_ one: FileStatus, _ other: FileStatus) -> Bool {
        one.kind == other.kind && one.mode == other.mode && one.owner == other.owner && one.group == other.group
    }

    private mutating func note(
        directory place: [UInt8], _ status: FileStatus, _ below: FileStatus?, changedSince before: Int
    ) {
        guard let below else { return changes.append(TreeChange(.added, place)) }
        let isSame =
            Self.hasSameLook(status, below) && (status.modified == below.modified || holders.contains(place))
        if changes.count > before || !isSame { changes.append(TreeChange(.modified, place)) }
    }

    /// The changes, each directory before what lies in it.
    func inOrder() -> [TreeChange] {
        changes.sorted { one, other in
            one.path.lexicographicallyPrecedes(other.path)
        }
    }
}
