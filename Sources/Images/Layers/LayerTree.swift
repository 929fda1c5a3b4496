internal import LinuxKernel

/// The directory that a layer is unpacked into.
///
/// Every name is resolved below the root's descriptor by openat2(2) with `RESOLVE_IN_ROOT`: a link that leads out of
/// the layer leads to the layer's own root instead, whenever it was made (layer-escape). What is then done is done by
/// the directory's descriptor and one last component that is never followed.
struct LayerTree: ~Copyable {
    let root: Descriptor
    let whiteouts: WhiteoutForm
    let appliesOwners: Bool
    /// The directory of the entry before, since entries mostly come directory by directory.
    private var recent: (path: [UInt8], descriptor: Descriptor)?
    /// Modes and times of directories, which wait until nothing is made in them any more.
    private var directories: [[UInt8]: DirectoryStatus] = [:]
    /// Directories that had to be made, but have no entry so far.
    private var implied: Set<[UInt8]> = [[]]
    /// What this layer made, as far as whiteouts must spare it: only where they are applied.
    var made: Set<[UInt8]> = []

    /// Millions of entries may each have a name of kilobytes (layer-bomb): this many bytes are remembered.
    private static let memoryLimit = 512 << 20
    private var memory = 0

    private struct DirectoryStatus {
        let mode: UInt32
        let seconds: Int64
        let nanoseconds: Int64
        /// Set where it was not already.
        var owners: (user: UInt32, group: UInt32)?

        init(_ entry: TarEntry) {
            mode = entry.mode
            (seconds, nanoseconds) = (entry.modifiedSeconds, entry.modifiedNanoseconds)
        }

        init(_ status: FileStatus) {
            mode = status.mode
            (seconds, nanoseconds) = status.modified
            owners = (status.owner, status.group)
        }
    }

    init(_ root: Descriptor, whiteouts: WhiteoutForm, appliesOwners: Bool) {
        self.root = root
        self.whiteouts = whiteouts
        self.appliesOwners = appliesOwners
    }

    deinit { recent?.descriptor.close() }

    // MARK: Directories

    /// The descriptor of the directory `path`, which is made if it is missing. It lives until the next call.
    mutating func directory(_ path: [UInt8]) throws(SystemError) -> Descriptor {
        if path.isEmpty { return root }
        if let recent, recent.path == path { return recent.descriptor }
        let opened = try openOrMakeDirectory(path)
        forgetRecent()
        let descriptor = opened.release()
        recent = (path, descriptor)
        return descriptor
    }

    /// Names lead elsewhere once something was replaced.
    mutating func forgetRecent() {
        recent?.descriptor.close()
        recent = nil
    }

    func openDirectory(_ path: [UInt8]) throws(SystemError) -> OwnedDescriptor {
        if path.isEmpty { return try root.duplicate() }
        return try root.open(FileName(cleaned: path), [.path, .directory], resolving: [.inRoot, .noMagicLinks])
    }

    /// No longer than a path may be, and so no deeper: openat2(2) refuses others before anything is made.
    private mutating func openOrMakeDirectory(_ path: [UInt8]) throws(SystemError) -> OwnedDescriptor {
        do { return try openDirectory(path) } catch {
            guard error.errno == .noEntry || error.errno == .notDirectory else { throw error }
        }
        let slash = path.lastIndex(of: 0x2f)
        let parentPath = slash.map { Array(path[..<$0]) } ?? []
        let name = slash.map { Array(path[($0 + 1)...]) } ?? path
        let parent = try openOrMakeDirectory(parentPath)
        try makeImpliedDirectory(FileName(cleaned: name), in: parent.descriptor)
        noteMade(EntryPath(directory: parentPath, name: name))
        implied.insert(path)
        memory += path.count + 64
        return try openDirectory(path)
    }

    /// A directory that the archive has no entry for. Only a whiteout of this layer makes room for it.
    private func makeImpliedDirectory(_ name: FileName, in parent: Descriptor) throws(SystemError) {
        do { try parent.makeDirectory(name, mode: 0o755) } catch {
            guard error.errno == .exists, try parent.status(of: name).isWhiteout else { throw error }
            try parent.removeFile(name)
            try parent.makeDirectory(name, mode: 0o755)
            try makeOpaque(name, in: parent)
        }
        try parent.changeMode(of: name, to: 0o755)
    }

    mutating func noteMade(_ path: EntryPath) {
        guard case .applied = whiteouts else { return }
        made.insert(path.bytes)
        memory += path.directory.count + path.name.count + 64
    }

    // MARK: Entries

    /// Makes what `entry` says, and takes its content from `tar`.
    mutating func apply(_ entry: TarEntry, from tar: inout TarReader) throws(LayerError) {
        let path = try EntryPath(entry.path)
        if let whiteout = try Whiteout(path, of: entry) { return try apply(whiteout, of: entry) }
        if path.isRoot { return try applyRoot(entry) }
        let directory = try naming(entry) { () throws(SystemError) in try self.directory(path.directory) }
        switch entry.kind {
        case .regular: try makeFile(entry, path, in: directory, from: &tar)
        case .directory: try makeDirectory(entry, path, in: directory)
        case .hardLink: try makeHardLink(entry, path, in: directory)
        default: try makeSpecial(entry, path, in: directory)
        }
        noteMade(path)
        if memory > Self.memoryLimit { throw .tooLarge("the names of its directories fill the memory") }
    }

    /// The layer's root has an entry of its own, `./`, in most archives.
    private mutating func applyRoot(_ entry: TarEntry) throws(LayerError) {
        guard entry.kind == .directory else {
            throw .escape(entry: entry.name, reason: "the layer's root must stay a directory")
        }
        try naming(entry) { () throws(SystemError) in
            try setOwnerAndAttributes(entry, of: .current, in: root)
        }
        noteDirectory([], entry)
    }

    mutating func noteDirectory(_ path: [UInt8], _ entry: TarEntry) {
        directories[path] = DirectoryStatus(entry)
        memory += path.count + 64
    }

    /// Gives the directories their modes and times, the deepest first: from then on they may be closed to us.
    ///
    /// `below` tells of a directory in the layers below: one that this layer has no entry for stays as it was there,
    /// although overlayfs shows the uppermost layer's owner and mode.
    mutating func finish(below: (_ path: [UInt8]) -> FileStatus?) throws(LayerError) {
        forgetRecent()
        for path in implied where directories[path] == nil {
            guard let status = below(path), status.kind == .directory else { continue }
            directories[path] = DirectoryStatus(status)
        }
        for (path, status) in directories.sorted(by: { $0.key.count > $1.key.count }) {
            do { try finish(path, status) } catch {
                // A later entry took its place.
                guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else {
                    throw .entry(String(decoding: path, as: UTF8.self), error)
                }
            }
        }
    }

    private func finish(_ path: [UInt8], _ status: DirectoryStatus) throws(SystemError) {
        let directory = try root.open(
            path.isEmpty ? .current : FileName(cleaned: path), [.readOnly, .directory, .noFollow],
            resolving: [.inRoot, .noMagicLinks])
        if appliesOwners, let owners = status.owners {
            try directory.descriptor.changeOwner(to: owners.user, group: owners.group)
        }
        try directory.descriptor.changeMode(to: status.mode)
        try directory.descriptor.setTimes(seconds: status.seconds, nanoseconds: status.nanoseconds)
    }
}

/// Runs `body`, whose system calls' failures become those of `entry`.
func naming<Value: ~Copyable>(_ entry: TarEntry, _ body: () throws(SystemError) -> Value) throws(LayerError) -> Value {
    do { return try body() } catch { throw .entry(entry.name, error) }
}
