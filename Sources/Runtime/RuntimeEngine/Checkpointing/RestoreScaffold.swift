internal import LinuxKernel
internal import SetupPlan

/// The root filesystem as CRIU wants it: a mount point of its own, with a place for everything that will be mounted.
///
/// It is built in CRIU's own mount namespace. Like a container that is created anew, one that is restored gets the
/// mount points that it lacks, also those in binds.
struct RestoreScaffold {
    let plan: SetupPlan
    /// Where the root filesystem is.
    let rootPath: String
    /// Where CRIU finds it.
    let place: String

    func build() throws(RuntimeError) {
        let draft = try showing { () throws(SystemError) in
            let top = try Descriptor.workingDirectory.open("/", [.path, .directory])
            try top.descriptor.changeMount(propagation: .slave, recursively: true)
            return try attach()
        }
        try makePlaces(RootTree(root: draft))
        _ = try showing { () throws(SystemError) in
            try detach(draft)
            return try attach()
        }
    }

    private func showing<Result>(_ body: () throws(SystemError) -> Result) throws(RuntimeError) -> Result {
        try performing("cannot show the root filesystem to criu", body)
    }

    /// A copy of the root's mount, so that what is mounted in it is mounted nowhere else.
    private func attach() throws(SystemError) -> Descriptor {
        let (origin, mount) = try RootMount.copy(rootPath, hasNamespace: true)
        origin.close()
        let directory = try Descriptor.workingDirectory.open(place, [.path, .directory, .noFollow])
        try mount.attachMount(at: directory.descriptor)
        return mount
    }

    /// With all that was bound in it.
    private func detach(_ draft: Descriptor) throws(SystemError) {
        let here = try Descriptor.workingDirectory.open(".", [.path, .directory])
        try ThisProcess.changeDirectory(to: draft)
        try ThisProcess.unmountHere()
        try ThisProcess.changeDirectory(to: here.descriptor)
        draft.close()
    }

    /// CRIU restores what a tmpfs holds, and with it the mount points there; cgroups appear in what is mounted already.
    private func makePlaces(_ tree: RootTree) throws(RuntimeError) {
        let volatile = plan.steps.compactMap { step -> String? in
            guard case .mountFilesystem(let mount) = step, mount.type == "tmpfs" else { return nil }
            return mount.destination + "/"
        }
        for step in plan.steps {
            switch step {
            case .mountFilesystem(let mount) where !volatile.contains(where: mount.destination.hasPrefix):
                try makePlace(mount.destination, mount.index, in: tree)
            case .bind(let mount) where !volatile.contains(where: mount.destination.hasPrefix):
                try bind(mount, in: tree)
            default: continue
            }
        }
    }

    private func makePlace(_ path: String, _ index: Int, in tree: RootTree) throws(RuntimeError) {
        try performing("mounts[\(index)]: cannot make \(path)") { () throws(SystemError) in
            _ = try tree.place(path, making: .directory)
        }
    }

    private func bind(_ mount: BindMount, in tree: RootTree) throws(RuntimeError) {
        let source: Descriptor
        do { source = try mount.copy(idMap: nil).release() } catch { throw mount.failure(error) }
        defer { source.close() }
        try performing("mounts[\(mount.index)]: cannot make \(mount.destination)") { () throws(SystemError) in
            let isDirectory = try source.status().kind == .directory
            let place = try tree.place(mount.destination, making: isDirectory ? .directory : .regular)
            try source.attachMount(at: place.descriptor)
        }
    }
}
