internal import LinuxKernel
internal import SetupPlan

/// `mounts`.
extension SetupInterpreter {
    func mountFilesystem(_ mount: FilesystemMount, _ step: Int) throws(RuntimeError) {
        let subject = Self.subject(mount.index, mount.source, mount.destination)
        let isNew = (try? tree.open(mount.destination)) == nil
        let place = try performing(subject) { () throws(SystemError) -> OwnedDescriptor in
            try self.place(for: mount)
        }
        if mount.type != "proc" {
            try ProcessMountCheck.check(
                mount.destination, index: mount.index, source: nil, place: place.descriptor)
        }
        try performing(subject) { () throws(SystemError) in
            // A new mount point has no mode of its own to hand on: the kernel's default is everybody's, as /tmp.
            let mode = isNew ? 0o1777 : try place.descriptor.status().mode
            let made = try make(mount, on: place.descriptor, mode: mode)
            if mount.options.copiesUp { try CopyUp.copy(from: place.descriptor, to: made.mount) }
            if let map = mount.idMap, let namespace = surroundings.idMaps[mount.index] {
                try made.mount.mapOwners(by: namespace, map)
            }
            try applyBelow(mount.options, to: made.mount)
            if !made.isAttached { try made.mount.attachMount(at: place.descriptor) }
            mounts[step] = made.mount
            remember(made.mount, mount.destination)
        }
    }

    private func make(_ mount: FilesystemMount, on place: Descriptor, mode: UInt32) throws(SystemError) -> (
        mount: Descriptor, isAttached: Bool
    ) {
        let maker = FilesystemMaker(mount: mount, modeOfPlace: mode)
        if let made = try maker.make() { return (made.release(), false) }
        try maker.mountByString(on: place)
        return (try mountCovering(place, mount.destination), true)
    }

    /// mount(2) gives no descriptor. What the path leads to now must be a mount in the same directory as `place`.
    private func mountCovering(_ place: Descriptor, _ destination: String) throws(SystemError) -> Descriptor {
        let cover = try tree.open(destination)
        let parents = (try place.status(of: ".."), try cover.descriptor.status(of: ".."))
        guard try cover.descriptor.mountIdentifier() != place.mountIdentifier(),
            (parents.0.device, parents.0.inode) == (parents.1.device, parents.1.inode)
        else { throw SystemError(.busy, "find the mount at", destination) }
        return cover.release()
    }

    /// The kernel's own file systems go on ordinary directories only: where `/proc` is a link to elsewhere, later writes
    /// would go elsewhere, too (proc-mount-cover).
    private func place(for mount: FilesystemMount) throws(SystemError) -> OwnedDescriptor {
        let place = try tree.place(mount.destination, making: .directory)
        guard mount.refusesLinks else { return place }
        do {
            return try tree.root.open(
                mount.destination, [.path, .directory], resolving: [.inRoot, .noSymlinks, .noMagicLinks])
        } catch {
            guard error.errno == .tooManyLinks || error.errno == .notDirectory else { throw error }
            throw SystemError(
                .notDirectory, "filesystem \"\(mount.type)\" must be mounted on ordinary directory",
                mount.destination)
        }
    }

    func bind(_ mount: BindMount) throws(RuntimeError) {
        let subject = Self.subject(mount.index, mount.source, mount.destination)
        let source = try source(of: mount)
        let place = try performing(subject) { () throws(SystemError) in
            let isDirectory = try source.status().kind == .directory
            return try tree.place(mount.destination, making: isDirectory ? .directory : .regular)
        }
        try ProcessMountCheck.check(mount.destination, index: mount.index, source: source, place: place.descriptor)
        try performing(subject) { () throws(SystemError) in
            if let flags = mount.options.flagsOfBind { try change(flags, of: source, mount.options) }
            try applyBelow(mount.options, to: source)
            try source.attachMount(at: place.descriptor)
            remember(source, mount.destination)
            if kernelMounts[mount.destination] != source { source.close() }
        }
    }

    /// What is hidden in procfs and sysfs later is found from there: `/proc` may be another directory by then, for one
    /// who can rename it (proc-mount-cover). A mount over these, or above them, hides them.
    private func remember(_ mount: Descriptor, _ destination: String) {
        for path in kernelMounts.keys where path == destination || path.hasPrefix(destination + "/") {
            kernelMounts[path] = nil
        }
        if destination == "/proc" || destination == "/sys" { kernelMounts[destination] = mount }
    }

    /// As runc tells of it: there are programs that look for these words.
    private static func subject(_ index: Int, _ source: String, _ destination: String) -> String {
        "error mounting \"\(source)\" to rootfs at \"\(destination)\" (mounts[\(index)])"
    }

    /// Flags that are locked stay, where the options allow it.
    private func change(_ flags: MountFlags, of mount: Descriptor, _ options: MountOptions) throws(SystemError) {
        do { return try mount.changeMount(set: flags.set, clear: flags.clear) } catch {
            guard error.errno == .notPermitted else { throw error }
            let source = try mount.mountAttributes()
            let kept: MountFlags
            do { kept = try options.flags(lockedBy: source) } catch {
                throw SystemError(.notPermitted, "clear", error.description)
            }
            try mount.changeMount(set: kept.set, clear: kept.clear)
        }
    }

    /// What acts on more than the mount's own flags.
    private func applyBelow(_ options: MountOptions, to mount: Descriptor) throws(SystemError) {
        if !options.recursiveSet.isEmpty || !options.recursiveClear.isEmpty {
            try mount.changeMount(set: options.recursiveSet, clear: options.recursiveClear, recursively: true)
        }
        for change in options.propagation {
            try mount.changeMount(propagation: change.propagation, recursively: change.recursively)
        }
    }

    func remount(_ mount: Remount) throws(RuntimeError) {
        try performing("cannot remount \(mount.destination) (mounts[\(mount.index)])") { () throws(SystemError) in
            let place = try tree.open(mount.destination)
            if !mount.isBind { try reconfigure(place.descriptor, mount) }
            try change(mount.options.flagsOfRemount, of: place.descriptor, mount.options)
            try applyBelow(mount.options, to: place.descriptor)
        }
    }

    private func reconfigure(_ place: Descriptor, _ mount: Remount) throws(SystemError) {
        let context = try FilesystemContext(picking: place, name: mount.destination)
        for option in mount.options.data + mount.options.filesystemFlags { try context.set(option: option) }
        try context.reconfigure()
    }

    func protectMount(_ step: Int) throws(RuntimeError) {
        guard let mount = mounts[step] else { return }
        try performing("cannot make a mount read-only") { () throws(SystemError) in
            try mount.changeMount(set: .readOnly)
        }
    }
}

extension FilesystemContext {
    /// `NAME=VALUE` or `NAME`.
    func set(option: String) throws(SystemError) {
        guard let equals = option.firstIndex(of: "=") else { return try set(option) }
        try set(String(option[..<equals]), String(option[option.index(after: equals)...]))
    }
}
