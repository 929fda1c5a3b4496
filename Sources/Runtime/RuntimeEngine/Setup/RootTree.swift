internal import LinuxKernel

/// The container's root filesystem, by its descriptor. Every path is resolved as if this were `/`, so that no symbolic
/// link and no `..` leads out of it, and never through a magic link of procfs (rootfs-symlink, dev-symlink).
///
/// What a path names is acted on by the descriptor it gave, and the path not used again (mount-symlink-race).
struct RootTree {
    let root: Descriptor
    private static let resolution: Resolution = [.inRoot, .noMagicLinks]
    private static let mostLinks = 40

    func open(_ path: String, _ flags: OpenFlags = .path) throws(SystemError) -> OwnedDescriptor {
        do { return try root.open(path, flags, resolving: Self.resolution) } catch {
            guard error.errno == .tooManyLinks else { throw error }
            throw SystemError(error.errno, "follow (links of procfs are not followed)", path)
        }
    }

    /// Nil when nothing is there.
    func find(_ path: String) throws(SystemError) -> OwnedDescriptor? {
        do { return try open(path) } catch {
            if error.errno == .noEntry || error.errno == .notDirectory { return nil }
            throw error
        }
    }

    /// An open place at `path`; a directory or an empty file and the directories above it are made if missing.
    func place(_ path: String, making kind: FileKind) throws(SystemError) -> OwnedDescriptor {
        if let found = try findExactly(path) { return found }
        return try make(path.pieces(at: "/"), kind, linksLeft: Self.mostLinks)
    }

    /// The directory that holds `path`, made if missing.
    func parent(of path: String) throws(SystemError) -> OwnedDescriptor {
        try place("/" + Array(path.pieces(at: "/").dropLast()).joined(by: "/"), making: .directory)
    }

    /// The last name of `path`.
    static func name(of path: String) -> String { path.pieces(at: "/").last.map(String.init) ?? "." }

    private func findExactly(_ path: String) throws(SystemError) -> OwnedDescriptor? {
        do { return try open(path) } catch {
            if error.errno == .noEntry { return nil }
            throw error
        }
    }

    /// Goes down one name after the other, each from the descriptor of the one before.
    private func make(_ names: [Substring], _ kind: FileKind, linksLeft: Int) throws(SystemError) -> OwnedDescriptor {
        var directory = try open("/")
        var path = ""
        for (index, name) in names.enumerated() {
            let isLast = index == names.count - 1
            path += "/"
            path.append(contentsOf: name)
            if let found = try findExactly(path) {
                directory = found
                continue
            }
            if let target = try? directory.descriptor.readSymbolicLink(String(name)) {
                // A link to what is not there yet: that is made.
                guard linksLeft > 0 else { throw SystemError(.tooManyLinks, "make", path) }
                let start = target.hasPrefix("/") ? [] : Array(names[..<index])
                let rest = start + target.pieces(at: "/") + names[(index + 1)...]
                return try make(rest, kind, linksLeft: linksLeft - 1)
            }
            directory = try make(String(name), in: directory.descriptor, isLast ? kind : .directory)
        }
        return directory
    }

    private func make(_ name: String, in directory: Descriptor, _ kind: FileKind) throws(SystemError)
        -> OwnedDescriptor
    {
        if kind == .directory {
            do { try directory.makeDirectory(name, mode: 0o755) } catch { if error.errno != .exists { throw error } }
        } else {
            do {
                try directory.open(name, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o755).close()
            } catch { if error.errno != .exists { throw error } }
        }
        return try directory.open(name, [.path, .noFollow])
    }
}
