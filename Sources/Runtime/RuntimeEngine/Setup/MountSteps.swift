internal import LinuxKernel
internal import SetupPlan

/// `mounts`.
extension SetupInterpreter {
    func mountFilesystem(_ mount: FilesystemMount, _ step: Int) throws(RuntimeError) {
        let subject = "mounts[\(mount.index)]: cannot mount \(mount.type) at \(mount.destination)"
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
            let maker = FilesystemMaker(mount: mount, modeOfPlace: mode)
            guard let made = try maker.make() else { return try maker.mountByString(on: place.descriptor) }
            let descriptor = made.release()
            if mount.options.copiesUp { try CopyUp.copy(from: place.descriptor, to: descriptor) }
            try apply(mount.options, to: descriptor, includingOwn: false)
            try descriptor.attachMount(at: place.descriptor)
            mounts[step] = descriptor
        }
    }

    /// The kernel's own file systems go on ordinary directories only: where `/proc` is a link to elsewhere, later writes
    /// would go elsewhere, too (proc-mount-cover).
    private func place(for mount: FilesystemMount) throws(SystemError) -> OwnedDescriptor {
        let place = try tree.place(mount.destination, making: .directory)
        guard mount.refusesLinks else { return place }
        let direct = try tree.root.open(
            String(mount.destination.dropFirst()), [.path, .directory],
            resolving: [.inRoot, .noSymlinks, .noMagicLinks])
        return direct
    }

    func bind(_ mount: BindMount) throws(RuntimeError) {
        let subject = "mounts[\(mount.index)]: cannot mount \(mount.source) at \(mount.destination)"
        guard let source = surroundings.bindSources[mount.index] else { throw RuntimeError(.system, subject) }
        let place = try performing(subject) { () throws(SystemError) in
            let isDirectory = try source.status().kind == .directory
            return try tree.place(mount.destination, making: isDirectory ? .directory : .regular)
        }
        try ProcessMountCheck.check(mount.destination, index: mount.index, source: source, place: place.descriptor)
        try performing(subject) { () throws(SystemError) in
            try apply(mount.options, to: source, includingOwn: true)
            try source.attachMount(at: place.descriptor)
        }
    }

    /// A mount's options but those that the file system took when it was made.
    func apply(_ options: MountOptions, to mount: Descriptor, includingOwn: Bool) throws(SystemError) {
        if includingOwn, !options.set.isEmpty || !options.clear.isEmpty {
            try mount.changeMount(set: options.set, clear: options.clear)
        }
        if !options.recursiveSet.isEmpty || !options.recursiveClear.isEmpty {
            try mount.changeMount(set: options.recursiveSet, clear: options.recursiveClear, recursively: true)
        }
        for change in options.propagation {
            try mount.changeMount(propagation: change.propagation, recursively: change.recursively)
        }
    }

    func remount(_ mount: Remount) throws(RuntimeError) {
        try performing("mounts[\(mount.index)]: cannot remount \(mount.destination)") { () throws(SystemError) in
            let place = try tree.open(mount.destination)
            if !mount.isBind { try reconfigure(place.descriptor, mount) }
            try apply(mount.options, to: place.descriptor, includingOwn: true)
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
