public import LinuxKernel

/// Writes directory trees as tar archives: everything, or what has changed, as a layer (image-spec 1.1, layer.md).
///
/// Somebody may change the tree meanwhile, and swap anything for a link or a device (copy-symlink-race): each name is
/// taken by the descriptor of its directory, followed nowhere, and opened for reading only when the open file is a
/// regular one. Entries come in the order of their names, so that equal trees give equal bytes.
@safe public struct TreeArchive: ~Copyable {
    private struct Inode: Hashable {
        let device: UInt64
        let number: UInt64
    }

    private var output: TarOutput
    /// Files of several names, by the first of them.
    private var linked: [Inode: [UInt8]] = [:]

    /// Writes to `output`, which may be a pipe, compressed by gzip(1) or plain.
    public init(_ output: Descriptor, isCompressed: Bool = false) throws(LayerError) {
        self.output = try TarOutput(output, isCompressed: isCompressed)
    }

    /// Ends the archive.
    public mutating func finish() throws(LayerError) { try output.finish() }

    /// Adds all that lies below the directory `tree`.
    public mutating func add(everythingBelow tree: Descriptor) throws(LayerError) {
        try add(everythingIn: tree, at: [])
    }

    private mutating func add(everythingIn directory: Descriptor, at path: [UInt8]) throws(LayerError) {
        for name in try Self.names(in: directory, path) {
            let place = name.path(in: path)
            guard let status = try add(name, of: directory, as: place), status.kind == .directory else { continue }
            guard let below = try Self.directory(name, in: directory, place) else { continue }
            try add(everythingIn: below.descriptor, at: place)
        }
    }

    /// Adds a layer of what has `changed`, from the tree that has it. Parents must come before what lies in them.
    public mutating func add(_ changed: [TreeChange], from tree: Descriptor) throws(LayerError) {
        for change in changed {
            let path = try EntryPath(change.path)
            if change.kind == .deleted {
                let whiteout = EntryPath(directory: path.directory, name: Whiteout.prefix + path.name)
                try output.add(TarEntry(kind: .regular, path: whiteout.bytes, mode: 0o600))
            } else if let directory = try Self.directory(path.directory, below: tree) {
                _ = try add(FileName(cleaned: path.name), of: directory.descriptor, as: path.bytes)
            }
        }
    }

    // MARK: Entries

    /// Adds one name, and answers what it is; nil when it has gone, or can be in no archive.
    private mutating func add(_ name: FileName, of directory: Descriptor, as path: [UInt8]) throws(LayerError)
        -> FileStatus?
    {
        do throws(SystemError) {
            let file = try directory.open(name, [.path, .noFollow])
            let status = try file.descriptor.status()
            guard let kind = TarEntry.Kind(status.kind), !status.isWhiteout else { return nil }
            var entry = TarEntry(kind: kind, path: path, status)
            if let first = firstName(of: status, path) {
                (entry.kind, entry.linkPath) = (.hardLink, first)
                try write(entry)
                return status
            }
            entry.attributes = try Self.attributes(of: name, in: directory)
            if kind == .symbolicLink { entry.linkPath = try directory.readSymbolicLink(name).bytes }
            guard kind == .regular else {
                try write(entry)
                return status
            }
            let content = try Descriptor.workingDirectory.open(file.descriptor.procPath)
            entry.size = status.size
            try write(entry, content.descriptor)
            return status
        } catch {
            if error.errno == .noEntry { return nil }
            throw .entry(String(decoding: path, as: UTF8.self), error)
        }
    }

    private mutating func write(_ entry: TarEntry, _ content: Descriptor? = nil) throws(SystemError) {
        do throws(LayerError) {
            if let content { try output.add(entry, from: content) } else { try output.add(entry) }
        } catch {
            if case .system(let error) = error { throw error }
            throw SystemError(.inputOutput, "write", "the archive")
        }
    }

    /// The name that another link to the same file has in this archive already.
    private mutating func firstName(of status: FileStatus, _ path: [UInt8]) -> [UInt8]? {
        guard status.kind != .directory, status.linkCount > 1 else { return nil }
        let inode = Inode(device: status.device, number: status.inode)
        if let first = linked[inode] { return first }
        linked[inode] = path
        return nil
    }

    private static func attributes(of name: FileName, in directory: Descriptor) throws(SystemError)
        -> [TarEntry.Attribute]
    {
        var found: [TarEntry.Attribute] = []
        for attribute in try directory.attributes(of: name).sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        {
            guard !OverlayAttribute.contains(attribute.bytes),
                let value = try directory.attribute(attribute, of: name)
            else { continue }
            found.append(TarEntry.Attribute(name: attribute.bytes, value: value))
        }
        return found
    }

    // MARK: Directories

    private static func names(in directory: Descriptor, _ path: [UInt8]) throws(LayerError) -> [FileName] {
        do throws(SystemError) { return try directory.sortedNames() } catch {
            throw .entry(String(decoding: path, as: UTF8.self), error)
        }
    }

    /// Nil when it has gone, or is no directory any more.
    private static func directory(_ name: FileName, in directory: Descriptor, _ path: [UInt8]) throws(LayerError)
        -> OwnedDescriptor?
    {
        do throws(SystemError) { return try directory.open(name, [.directory, .noFollow]) } catch {
            if [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) { return nil }
            throw .entry(String(decoding: path, as: UTF8.self), error)
        }
    }

    private static func directory(_ path: [UInt8], below tree: Descriptor) throws(LayerError) -> OwnedDescriptor? {
        do throws(SystemError) {
            return try tree.open(
                path.isEmpty ? .current : FileName(cleaned: path), [.directory],
                resolving: [.beneath, .noSymlinks, .noMountCrossing])
        } catch {
            if [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) { return nil }
            throw .entry(String(decoding: path, as: UTF8.self), error)
        }
    }
}

extension Descriptor {
    /// The names in this directory, in the order of their bytes.
    public func sortedNames() throws(SystemError) -> [FileName] {
        try names().map(\.name).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}

extension TarEntry {
    fileprivate init(kind: Kind, path: [UInt8], _ status: FileStatus) {
        self.init(kind: kind, path: path)
        (mode, owner, group) = (status.mode, status.owner, status.group)
        (modifiedSeconds, modifiedNanoseconds) = (status.modified.seconds, status.modified.nanoseconds)
        if kind == .characterDevice || kind == .blockDevice {
            (deviceMajor, deviceMinor) = (status.deviceMajor, status.deviceMinor)
        }
    }
}

extension TarEntry.Kind {
    /// Nil for sockets, which are of no use to anybody without their process.
    fileprivate init?(_ kind: FileKind) {
        switch kind {
        case .regular: self = .regular
        case .directory: self = .directory
        case .symbolicLink: self = .symbolicLink
        case .characterDevice: self = .characterDevice
        case .blockDevice: self = .blockDevice
        case .fifo: self = .fifo
        case .socket: return nil
        }
    }
}
