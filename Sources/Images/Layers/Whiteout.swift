public import LinuxKernel

/// A removal that a layer records: image-spec 1.1, layer.md, "Whiteouts".
enum Whiteout: Hashable {
    /// `.wh.NAME`: what the layers below have by this name is gone.
    case removal(EntryPath)
    /// `.wh..wh..opq`: all that the layers below have in this directory is gone.
    case opaque(directory: [UInt8])
    /// Other `.wh..wh.` names are aufs's own, and mean nothing.
    case ignored

    static let prefix = Array(".wh.".utf8)
    private static let metadataPrefix = Array(".wh..wh.".utf8)
    private static let opaqueName = Array(".wh..wh..opq".utf8)

    /// Nil when `path` is no whiteout.
    init?(_ path: EntryPath, of entry: TarEntry) throws(LayerError) {
        if path.directory.split(separator: 0x2f).contains(where: { $0.starts(with: Self.metadataPrefix) }) {
            self = .ignored
            return
        }
        guard path.name.starts(with: Self.prefix) else { return nil }
        if path.name == Self.opaqueName {
            self = .opaque(directory: path.directory)
        } else if path.name.starts(with: Self.metadataPrefix) {
            self = .ignored
        } else {
            let name = Array(path.name.dropFirst(Self.prefix.count))
            guard !name.isEmpty, name != [0x2e], name != [0x2e, 0x2e] else {
                throw .escape(entry: entry.name, reason: "a whiteout must name a file of its own directory")
            }
            self = .removal(EntryPath(directory: path.directory, name: name))
        }
    }
}

extension FileStatus {
    /// Overlayfs's whiteout: a character device 0:0.
    public var isWhiteout: Bool { kind == .characterDevice && deviceMajor == 0 && deviceMinor == 0 }
}

extension LayerTree {
    /// A whiteout says nothing of files of its own layer, whichever comes first in the archive.
    mutating func apply(_ whiteout: Whiteout, of entry: TarEntry) throws(LayerError) {
        do {
            switch (whiteout, whiteouts) {
            case (.ignored, _): return
            case (.removal(let path), .overlay): try hide(path)
            case (.removal(let path), .applied): try remove(path)
            case (.opaque(let directory), .overlay): try makeOpaque(.current, in: try self.directory(directory))
            case (.opaque(let directory), .applied): try empty(directory)
            }
        } catch { throw .entry(entry.name, error) }
    }

    /// Overlayfs documentation, "whiteouts and opaque directories".
    func makeOpaque(_ name: FileName, in directory: Descriptor) throws(SystemError) {
        guard case .overlay(let userAttributes) = whiteouts else { return }
        let attribute = userAttributes ? OverlayAttribute.userOpaque : OverlayAttribute.opaque
        try directory.setAttribute(attribute, of: name, to: OverlayAttribute.isSet)
    }

    private mutating func hide(_ path: EntryPath) throws(SystemError) {
        let directory = try directory(path.directory)
        let name = FileName(cleaned: path.name)
        do { return try directory.makeNode(name, kind: .characterDevice, mode: 0) } catch {
            guard error.errno == .exists else { throw error }
        }
        // This layer has something of that name, which hides what is below, unless both are directories.
        if try directory.status(of: name).kind == .directory { try makeOpaque(name, in: directory) }
    }

    /// Removes what came from the layers below. A directory of this layer only loses what is not of this layer.
    private mutating func remove(_ path: EntryPath) throws(SystemError) {
        guard let directory = try existing(path.directory) else { return }
        let name = FileName(cleaned: path.name)
        guard made.contains(path.bytes) else {
            forgetRecent()
            return try directory.descriptor.removeTree(name)
        }
        if try directory.descriptor.status(of: name).kind == .directory { try empty(path.bytes) }
    }

    private mutating func empty(_ path: [UInt8]) throws(SystemError) {
        guard let directory = try existing(path) else { return }
        let readable = try directory.descriptor.open(FileName.current, [.directory])
        for (name, _) in try readable.descriptor.names() {
            try remove(EntryPath(directory: path, name: name.bytes))
        }
    }

    private func existing(_ path: [UInt8]) throws(SystemError) -> OwnedDescriptor? {
        do { return try openDirectory(path) } catch {
            guard error.errno == .noEntry || error.errno == .notDirectory else { throw error }
            return nil
        }
    }
}
