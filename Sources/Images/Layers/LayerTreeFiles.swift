internal import LinuxKernel

// What each kind of entry becomes.

extension LayerTree {
    mutating func makeFile(_ entry: TarEntry, _ path: EntryPath, in directory: Descriptor, from tar: inout TarReader)
        throws(LayerError)
    {
        let name = FileName(cleaned: path.name)
        let file = try naming(entry) { () throws(SystemError) in try createFile(name, in: directory) }
        try writeContent(entry, to: file.descriptor, from: &tar)
        try naming(entry) { () throws(SystemError) in try finishFile(entry, file.descriptor) }
    }

    /// A new file, in the place of whatever has this name.
    private func createFile(_ name: FileName, in directory: Descriptor) throws(SystemError) -> OwnedDescriptor {
        let flags: OpenFlags = [.writeOnly, .create, .exclusive, .noFollow]
        do { return try directory.open(name, flags, mode: 0o600) } catch {
            guard error.errno == .exists else { throw error }
        }
        try directory.removeTree(name)
        return try directory.open(name, flags, mode: 0o600)
    }

    private func writeContent(_ entry: TarEntry, to file: Descriptor, from tar: inout TarReader) throws(LayerError) {
        guard let extents = entry.extents else {
            return try tar.content { (span) throws(LayerError) in
                try naming(entry) { () throws(SystemError) in try file.writeAll(span) }
            }
        }
        try naming(entry) { () throws(SystemError) in try file.truncate(to: entry.sparseSize) }
        for extent in extents {
            var place = extent.offset
            try tar.content(count: extent.length) { (span) throws(LayerError) in
                try naming(entry) { () throws(SystemError) in try file.writeAll(span, at: place) }
                place += Int64(span.count)
            }
        }
    }

    /// In this order: a change of owner takes set-user-ID and capabilities away, and a write changes the time.
    private func finishFile(_ entry: TarEntry, _ file: Descriptor) throws(SystemError) {
        if appliesOwners { try file.changeOwner(to: entry.owner, group: entry.group) }
        for attribute in entry.attributes where attribute.isApplied {
            try tolerating { () throws(SystemError) in
                try file.setAttribute(FileName(cleaned: attribute.name), to: attribute.value)
            }
        }
        try file.changeMode(to: entry.mode)
        try file.setTimes(seconds: entry.modifiedSeconds, nanoseconds: entry.modifiedNanoseconds)
    }

    mutating func makeDirectory(_ entry: TarEntry, _ path: EntryPath, in directory: Descriptor) throws(LayerError) {
        let name = FileName(cleaned: path.name)
        try naming(entry) { () throws(SystemError) in
            try createDirectory(name, in: directory)
            try setOwnerAndAttributes(entry, of: name, in: directory)
        }
        noteDirectory(path.bytes, entry)
    }

    /// A directory that is there already stays; anything else makes room.
    private func createDirectory(_ name: FileName, in directory: Descriptor) throws(SystemError) {
        do { return try directory.makeDirectory(name, mode: 0o700) } catch {
            guard error.errno == .exists else { throw error }
        }
        let existing = try directory.status(of: name)
        if existing.kind == .directory { return }
        try directory.removeFile(name)
        try directory.makeDirectory(name, mode: 0o700)
        if existing.isWhiteout { try makeOpaque(name, in: directory) }
    }

    mutating func makeHardLink(_ entry: TarEntry, _ path: EntryPath, in directory: Descriptor) throws(LayerError) {
        let target: EntryPath
        do { target = try EntryPath(entry.linkPath) } catch {
            throw .escape(entry: entry.name, reason: "it is a hard link to a file outside of the layer")
        }
        if target == path { return }
        try naming(entry) { () throws(SystemError) in
            let targetDirectory = try openDirectory(target.directory)
            let targetName = FileName(cleaned: target.name)
            _ = try targetDirectory.descriptor.status(of: targetName)
            try replacing(FileName(cleaned: path.name), in: directory) { (name) throws(SystemError) in
                try directory.makeHardLink(name, to: targetName, in: targetDirectory.descriptor)
            }
        }
    }

    mutating func makeSpecial(_ entry: TarEntry, _ path: EntryPath, in directory: Descriptor) throws(LayerError) {
        let link = FileName(bytes: entry.linkPath)
        guard let link else { throw .malformed("\(entry.name): a link with a NUL byte") }
        try naming(entry) { () throws(SystemError) in
            let name = FileName(cleaned: path.name)
            try replacing(name, in: directory) { (name) throws(SystemError) in
                try Self.create(entry, name, link, in: directory)
            }
            try setOwnerAndAttributes(entry, of: name, in: directory)
            if entry.kind != .symbolicLink { try directory.changeMode(of: name, to: entry.mode) }
            try directory.setTimes(of: name, seconds: entry.modifiedSeconds, nanoseconds: entry.modifiedNanoseconds)
        }
    }

    private static func create(_ entry: TarEntry, _ name: FileName, _ link: FileName, in directory: Descriptor)
        throws(SystemError)
    {
        let (major, minor) = (entry.deviceMajor, entry.deviceMinor)
        switch entry.kind {
        case .symbolicLink: try directory.makeSymbolicLink(name, to: link)
        case .characterDevice:
            try directory.makeNode(name, kind: .characterDevice, mode: 0o600, major: major, minor: minor)
        case .blockDevice: try directory.makeNode(name, kind: .blockDevice, mode: 0o600, major: major, minor: minor)
        default: try directory.makeNode(name, kind: .fifo, mode: 0o600)
        }
    }

    /// Calls `make`, and again once what has the name already is gone.
    func replacing(
        _ name: FileName, in directory: Descriptor, _ make: (FileName) throws(SystemError) -> Void
    ) throws(SystemError) {
        do { return try make(name) } catch { guard error.errno == .exists else { throw error } }
        try directory.removeTree(name)
        try make(name)
    }

    // MARK: Owners and attributes

    func setOwnerAndAttributes(_ entry: TarEntry, of name: FileName, in directory: Descriptor) throws(SystemError) {
        if appliesOwners { try directory.changeOwner(of: name, to: entry.owner, group: entry.group) }
        for attribute in entry.attributes where attribute.isApplied {
            try tolerating { () throws(SystemError) in
                try directory.setAttribute(FileName(cleaned: attribute.name), of: name, to: attribute.value)
            }
        }
    }

    /// Attributes are lost on file systems that keep none, and where we may not set them.
    private func tolerating(_ body: () throws(SystemError) -> Void) throws(SystemError) {
        do { try body() } catch {
            let isTolerable = error.errno == .notSupported || (!appliesOwners && error.errno == .notPermitted)
            guard isTolerable else { throw error }
        }
    }
}

extension TarEntry.Attribute {
    /// Overlayfs's own attributes are commands to it (a redirect leads anywhere in the layers below), and a label of
    /// the builder's security module means nothing here (layer-escape).
    fileprivate var isApplied: Bool {
        let text = String(decoding: name, as: UTF8.self)
        if name.contains(0) || OverlayAttribute.contains(name) { return false }
        return text == "security.capability"
            || ["user.", "trusted.", "system.posix_acl_"].contains { text.hasPrefix($0) }
    }
}
