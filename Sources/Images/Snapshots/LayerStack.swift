internal import Layers
internal import LinuxKernel

/// Unpacked layers of overlayfs as one tree, read without a mount: Linux's Documentation/filesystems/overlayfs.rst,
/// "whiteouts and opaque directories".
struct LayerStack {
    /// The uppermost first.
    let layers: [Descriptor]

    private enum Found {
        case entry(FileStatus)
        /// A whiteout, or a file where a directory of the path should be: what lies in lower layers does not show.
        case hidden
        /// Nothing in this layer; `isLast` when a directory on the way hides what lies in lower layers.
        case nothing(isLast: Bool)
    }

    /// What is at `path`, nil for nothing.
    func status(of path: [UInt8]) throws(SystemError) -> FileStatus? {
        for layer in layers {
            switch try find(path, in: layer) {
            case .entry(let status): return status
            case .hidden, .nothing(isLast: true): return nil
            case .nothing(isLast: false): continue
            }
        }
        return nil
    }

    /// The names in the directory at `path`, in no order; none where there is no directory.
    func names(in path: [UInt8]) throws(SystemError) -> Set<FileName> {
        var names: Set<FileName> = []
        var hidden: Set<FileName> = []
        for layer in layers {
            let found = try find(path, in: layer)
            guard case .entry(let status) = found else {
                if case .nothing(isLast: false) = found { continue }
                break
            }
            guard status.kind == .directory else { break }
            let directory = try Self.open(path, in: layer)
            for (name, _) in try directory.descriptor.names() where !names.contains(name) && !hidden.contains(name) {
                if try directory.descriptor.status(of: name).isWhiteout {
                    hidden.insert(name)
                } else {
                    names.insert(name)
                }
            }
            if try directory.descriptor.isOpaque(.current) { break }
        }
        return names
    }

    private func find(_ path: [UInt8], in layer: Descriptor) throws(SystemError) -> Found {
        var directory = try layer.open(FileName.current, [.directory])
        var isOpaque = false
        var rest = path.split(separator: 0x2f)[...]
        while let component = rest.popFirst() {
            guard let name = FileName(bytes: Array(component)) else { return .hidden }
            let status: FileStatus
            do throws(SystemError) { status = try directory.descriptor.status(of: name) } catch {
                guard error.errno == .noEntry else { throw error }
                return .nothing(isLast: isOpaque)
            }
            if status.isWhiteout { return .hidden }
            if rest.isEmpty { return .entry(status) }
            guard status.kind == .directory else { return .hidden }
            isOpaque = try directory.descriptor.isOpaque(name) || isOpaque
            directory = try directory.descriptor.open(name, [.directory, .noFollow])
        }
        return .entry(try directory.descriptor.status())
    }

    private static func open(_ path: [UInt8], in layer: Descriptor) throws(SystemError) -> OwnedDescriptor {
        guard let name = FileName(bytes: path), !path.isEmpty else { return try layer.open(.current, [.directory]) }
        return try layer.open(name, [.directory], resolving: [.beneath, .noSymlinks, .noMountCrossing])
    }
}

extension Descriptor {
    /// Whether the directory `name` hides all that lower layers have in it.
    func isOpaque(_ name: FileName) throws(SystemError) -> Bool {
        for attribute in [OverlayAttribute.opaque, OverlayAttribute.userOpaque] {
            if try self.attribute(attribute, of: name) == OverlayAttribute.isSet { return true }
        }
        return false
    }
}
