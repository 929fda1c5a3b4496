internal import CLinux
internal import Glibc

extension Descriptor {
    /// Copies all that lies below this directory into the directory `target`, and this directory's own mode, owner,
    /// attributes and times: hard links stay hard links, and nothing is followed. Blocks are shared where the file
    /// system can.
    public func copyTree(into target: Descriptor) throws(SystemError) {
        var copy = TreeCopy(top: target)
        try copy.copyContents(of: self, to: target, at: [])
        try copy.finishDirectory(of: self, to: target)
    }
}

private struct TreeCopy {
    private struct Inode: Hashable {
        let device: UInt64
        let number: UInt64
    }

    let top: Descriptor
    /// Files of several names, by the path of the first copy of each.
    private var linked: [Inode: [UInt8]] = [:]

    init(top: Descriptor) { self.top = top }

    mutating func copyContents(of source: Descriptor, to target: Descriptor, at path: [UInt8]) throws(SystemError) {
        for (name, _) in try source.names() {
            let status = try source.status(of: name)
            let place = name.path(in: path)
            if status.kind == .directory {
                try copyDirectory(name, from: source, to: target, at: place)
            } else if try !link(name, status, in: target, at: place) {
                try copyFile(name, status, from: source, to: target)
            }
        }
    }

    private mutating func copyDirectory(
        _ name: FileName, from source: Descriptor, to target: Descriptor, at path: [UInt8]
    ) throws(SystemError) {
        try target.makeDirectory(name, mode: 0o700)
        let from = try source.open(name, [.directory, .noFollow])
        let to = try target.open(name, [.directory, .noFollow])
        try copyContents(of: from.descriptor, to: to.descriptor, at: path)
        try finishDirectory(of: from.descriptor, to: to.descriptor)
    }

    func finishDirectory(of source: Descriptor, to target: Descriptor) throws(SystemError) {
        let status = try source.status()
        try target.changeOwner(to: status.owner, group: status.group)
        try copyAttributes(of: .current, from: source, to: target)
        try target.changeMode(to: status.mode)
        try target.setTimes(seconds: status.modified.seconds, nanoseconds: status.modified.nanoseconds)
    }

    /// Makes `name` another name of a file that was copied already; false for the first of its names.
    private mutating func link(_ name: FileName, _ status: FileStatus, in target: Descriptor, at path: [UInt8])
        throws(SystemError) -> Bool
    {
        guard status.linkCount > 1 else { return false }
        let inode = Inode(device: status.device, number: status.inode)
        guard let first = linked[inode].flatMap({ FileName(bytes: $0) }) else {
            linked[inode] = path
            return false
        }
        try target.makeHardLink(name, to: first, in: top)
        return true
    }

    // MARK: Files

    private func copyFile(_ name: FileName, _ status: FileStatus, from source: Descriptor, to target: Descriptor)
        throws(SystemError)
    {
        switch status.kind {
        case .regular: try copyContent(name, from: source, to: target)
        case .symbolicLink: try target.makeSymbolicLink(name, to: try source.readSymbolicLink(name))
        // A socket is of no use to anybody without its process.
        case .socket: return
        default:
            try target.makeNode(
                name, kind: status.kind, mode: 0o600, major: status.deviceMajor, minor: status.deviceMinor)
        }
        try target.changeOwner(of: name, to: status.owner, group: status.group)
        try copyAttributes(of: name, from: source, to: target)
        if status.kind != .symbolicLink { try target.changeMode(of: name, to: status.mode) }
        try target.setTimes(
            of: name, seconds: status.modified.seconds, nanoseconds: status.modified.nanoseconds)
    }

    private func copyContent(_ name: FileName, from source: Descriptor, to target: Descriptor) throws(SystemError) {
        let from = try source.open(name, [.readOnly, .noFollow])
        let to = try target.open(name, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o600)
        if cl_clone_file(from.number, to.number) == 0 { return }
        while true {
            let copied = cl_copy_file_range(from.number, to.number, 1 << 30)
            if copied == 0 { return }
            guard copied < 0 else { continue }
            guard [EXDEV, EOPNOTSUPP, EINVAL, ENOSYS].contains(CInt(-copied)) else {
                throw SystemError(Errno(rawValue: CInt(-copied)), "copy", name.description)
            }
            return try copyByReading(from: from.descriptor, to: to.descriptor)
        }
    }

    private func copyByReading(from source: Descriptor, to target: Descriptor) throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = try source.read(over: &buffer)
            if count == 0 { return }
            try target.writeAll(buffer.span.extracting(0..<count))
        }
    }

    private func copyAttributes(of name: FileName, from source: Descriptor, to target: Descriptor) throws(SystemError) {
        for attribute in try source.attributes(of: name) {
            guard let value = try source.attribute(attribute, of: name) else { continue }
            do { try target.setAttribute(attribute, of: name, to: value) } catch {
                guard error.errno == .notSupported else { throw error }
            }
        }
    }
}
