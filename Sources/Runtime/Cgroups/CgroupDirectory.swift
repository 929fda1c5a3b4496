internal import LinuxKernel

/// A cgroup, held by the descriptor of its directory. Its files are opened below that descriptor and nowhere else:
/// no symbolic link, no other mount.
final class CgroupDirectory {
    let handle: OwnedDescriptor
    /// For messages, and for other programs: the mount point and the place below it.
    let path: String

    private static let confined: Resolution = [.beneath, .noSymlinks, .noMagicLinks, .noMountCrossing]

    private init(_ handle: consuming OwnedDescriptor, path: String) {
        self.handle = handle
        self.path = path
    }

    /// Opens a mount point, and refuses what is no cgroup file system (something mounted over it).
    static func openMount(_ mountPoint: String) throws(CgroupError) -> CgroupDirectory {
        do throws(SystemError) {
            let handle = try Descriptor.workingDirectory.open(mountPoint, [.path, .directory])
            let type = try handle.descriptor.filesystemType()
            guard type == FilesystemType.cgroup || type == FilesystemType.cgroup2 else {
                throw SystemError(.notDirectory, "open", mountPoint)
            }
            return CgroupDirectory(handle, path: mountPoint)
        } catch {
            throw CgroupError("cannot use \(mountPoint) as a cgroup mount", error)
        }
    }

    /// The cgroup that `name` (one name or several, without `..`) is below this one.
    func open(_ name: String) throws(CgroupError) -> CgroupDirectory {
        let place = CgroupPath.join(path, name)
        let relative = String(CgroupPath.clean("/" + name).dropFirst())
        do {
            let handle = try handle.descriptor.open(
                relative.isEmpty ? "." : relative, [.path, .directory], resolving: Self.confined)
            return CgroupDirectory(handle, path: place)
        } catch {
            throw CgroupError("cannot open cgroup \(place)", error)
        }
    }

    /// Makes a cgroup of one name below this one; whether it was not there before.
    func make(_ name: String) throws(CgroupError) -> Bool {
        do {
            try handle.descriptor.makeDirectory(name, mode: 0o755)
            return true
        } catch {
            if error.errno == .exists { return false }
            throw CgroupError("cannot make cgroup \(CgroupPath.join(path, name))", error)
        }
    }

    /// Removes the empty cgroup of one name below this one; not being there is no error.
    func remove(_ name: String) throws(CgroupError) {
        do { try handle.descriptor.removeDirectory(name) } catch {
            if error.errno == .noEntry { return }
            throw CgroupError("cannot remove cgroup \(CgroupPath.join(path, name))", error)
        }
    }

    /// The names of the cgroups right below this one.
    func children() throws(CgroupError) -> [String] {
        do {
            return try handle.descriptor.entries().filter { $0.kind == .directory }.map(\.name)
        } catch {
            throw CgroupError("cannot list cgroup \(path)", error)
        }
    }
}

// MARK: Files

extension CgroupDirectory {
    /// Opens a file of this cgroup, for longer than one read or write.
    func openFile(_ name: String, _ flags: OpenFlags) throws(CgroupError) -> OwnedDescriptor {
        do { return try handle.descriptor.open(name, flags, resolving: Self.confined) } catch {
            throw CgroupError("cannot open \(name) of cgroup \(path)", error)
        }
    }

    func read(_ name: String) throws(CgroupError) -> String {
        let file = try openFile(name, .readOnly)
        do { return String(decoding: try file.descriptor.readAll(limit: 16 << 20), as: UTF8.self) } catch {
            throw CgroupError("cannot read \(name) of cgroup \(path)", error)
        }
    }

    /// The content, or nil where this kernel, or this cgroup, has no such file.
    func readIfPresent(_ name: String) throws(CgroupError) -> String? {
        do { return try read(name) } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Writes `value` with a single write(2), as cgroup files want it.
    func write(_ name: String, _ value: String) throws(CgroupError) {
        let file = try openFile(name, .writeOnly)
        do { try file.descriptor.writeAll(value) } catch {
            throw CgroupError("cannot write \"\(value)\" to \(name) of cgroup \(path)", error)
        }
    }

    func has(_ name: String) -> Bool {
        (try? handle.descriptor.exists(name)) ?? false
    }
}

// MARK: Ownership

extension CgroupDirectory {
    /// Hands the directory to `user` and those of its files that the kernel calls safe to: cgroups(7), "Cgroups
    /// delegation".
    func delegate(to user: UInt32) throws(CgroupError) {
        let list = (try? Descriptor.workingDirectory.readFile("/sys/kernel/cgroup/delegate")) ?? []
        for name in [""] + String(decoding: list, as: UTF8.self).fields {
            do { try handle.descriptor.changeOwner(of: name, to: user, group: .max) } catch {
                // Of a controller that is not there.
                if error.errno == .noEntry { continue }
                throw CgroupError("cannot hand cgroup \(path) to user \(user)", error)
            }
        }
    }
}

// MARK: Processes

extension CgroupDirectory {
    /// Moves a process here. A process in the midst of fork(2) answers `EINVAL` for a moment.
    func add(process: Int32) throws(CgroupError) {
        let attempts = 5
        for attempt in 1...attempts {
            do { return try write("cgroup.procs", "\(process)") } catch {
                guard error.errno == .invalid, attempt < attempts else { throw error }
                sleep(milliseconds: 30)
            }
        }
    }

    /// The processes right here; of a threaded cgroup, its threads. Empty when the cgroup is gone.
    func processes() throws(CgroupError) -> [Int32] {
        if let numbers = try numbers("cgroup.procs", unless: .notSupported) { return numbers }
        return try numbers("cgroup.threads", unless: .notSupported) ?? []
    }

    private func numbers(_ file: String, unless refusal: Errno) throws(CgroupError) -> [Int32]? {
        do {
            return try read(file).split(separator: "\n").compactMap { Int32($0) }
        } catch {
            if error.errno == refusal { return nil }
            if error.isMissing { return [] }
            throw error
        }
    }

    /// The processes here and below.
    func allProcesses() throws(CgroupError) -> [Int32] {
        var found = try processes()
        for child in (try? children()) ?? [] {
            // A cgroup may vanish while we look.
            guard let below = try? open(child) else { continue }
            found += try below.allProcesses()
        }
        return found
    }
}

// MARK: Removal

extension CgroupDirectory {
    /// Removes the cgroup `name` below this one with all below it. Processes that have just been killed keep it busy
    /// for a moment: for at most a second it is tried again.
    func removeTree(_ name: String) throws(CgroupError) {
        do { return try remove(name) } catch {
            guard error.errno == .busy || error.errno == .notEmpty else {
                // A read-only mount answers EROFS for a name that is not there, too.
                if !has(name) { return }
                throw error
            }
        }
        if let tree = try? open(name) {
            for child in (try? tree.children()) ?? [] { try tree.removeTree(child) }
        }
        try removePatiently(name)
    }

    private func removePatiently(_ name: String) throws(CgroupError) {
        var delay: UInt32 = 1
        while true {
            do { return try remove(name) } catch {
                guard error.errno == .busy, delay <= 512 else { throw error }
            }
            sleep(milliseconds: delay)
            delay *= 2
        }
    }
}
