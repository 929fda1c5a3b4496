internal import LinuxKernel
internal import SetupPlan

/// `mounts` of type `cgroup`: what of the host's cgroups the container sees.
extension SetupInterpreter {
    func mountCgroups(_ mount: CgroupMount) throws(RuntimeError) {
        try performing("mounts[\(mount.index)]: cannot mount cgroups at \(mount.destination)") {
            () throws(SystemError) in
            let sources = surroundings.cgroupSources
            if let whole = sources.first, whole.name.isEmpty { return try mountWhole(mount, whole) }
            try mountParts(mount, sources)
        }
    }

    /// cgroup v2 alone: one mount.
    private func mountWhole(_ mount: CgroupMount, _ source: CgroupSource) throws(SystemError) {
        let place = try tree.place(mount.destination, making: .directory)
        let made = try cgroupMount(source, mount)
        try made.attachMount(at: place.descriptor)
    }

    /// cgroup v1: a directory a hierarchy, in a tmpfs.
    private func mountParts(_ mount: CgroupMount, _ sources: [CgroupSource]) throws(SystemError) {
        let place = try tree.place(mount.destination, making: .directory)
        let attributes = mount.options.attributes
        let folder = try folder(attributes.subtracting(.readOnly))
        try folder.attachMount(at: place.descriptor)
        for source in sources {
            try folder.makeDirectory(source.name, mode: 0o755)
            let part = try folder.open(source.name, [.path, .directory, .noFollow])
            try cgroupMount(source, mount).attachMount(at: part.descriptor)
            for link in source.links { try folder.makeSymbolicLink(link, to: source.name) }
        }
        if attributes.contains(.readOnly) { try folder.changeMount(set: .readOnly) }
    }

    /// In a cgroup namespace of its own a new mount shows the container's cgroup as the root; otherwise, and where the
    /// namespace belongs to others, a bind mount of that cgroup hides all others (cgroup-writable).
    private func cgroupMount(_ source: CgroupSource, _ mount: CgroupMount) throws(SystemError) -> Descriptor {
        guard mount.hasNamespace else { return try bindCgroup(source, mount) }
        do { return try newCgroupMount(source, mount) } catch {
            guard error.errno == .notPermitted || error.errno == .busy else { throw error }
            return try bindCgroup(source, mount)
        }
    }

    /// Of a container without a cgroup of its own, nothing: an empty directory, as runc shows it.
    private func bindCgroup(_ source: CgroupSource, _ mount: CgroupMount) throws(SystemError) -> Descriptor {
        guard let path = source.path else { return try folder(mount.options.attributes.union(.readOnly)) }
        let copy = try Descriptor.workingDirectory.cloneMount(at: path, recursively: false)
        try copy.descriptor.changeMount(set: mount.options.set, propagation: .private)
        return copy.release()
    }

    private func folder(_ attributes: MountAttributes) throws(SystemError) -> Descriptor {
        let context = try FilesystemContext(type: "tmpfs")
        try context.set("mode", "755")
        try context.create()
        return try context.mount(attributes).release()
    }

    private func newCgroupMount(_ source: CgroupSource, _ mount: CgroupMount) throws(SystemError) -> Descriptor {
        let context = try FilesystemContext(type: source.filesystem)
        try context.set("source", "cgroup")
        for option in source.options { try context.set(option: option) }
        try context.create()
        return try context.mount(mount.options.attributes).release()
    }
}
