internal import LinuxKernel
internal import SetupPlan

/// The root filesystem as a whole.
extension SetupInterpreter {
    func setHostPropagation(_ propagation: Propagation, _ recursively: Bool) throws(RuntimeError) {
        try performing("linux.rootfsPropagation") { () throws(SystemError) in
            let root = try Descriptor.workingDirectory.open("/", [.path, .directory])
            try root.descriptor.changeMount(propagation: propagation, recursively: recursively)
        }
    }

    /// Over its own place, where hooks look for it. A user namespace may not be allowed to go there: then over `/`.
    func attachRoot() throws(RuntimeError) {
        try performing("cannot mount the root filesystem") { () throws(SystemError) in
            let (place, mount) = try rootMount()
            try mount.attachMount(at: place)
            place.close()
            tree.root.close()
            tree = RootTree(root: mount)
        }
        try openNullDevice()
    }

    private func rootMount() throws(SystemError) -> (place: Descriptor, mount: Descriptor) {
        do {
            return try RootMount.copy(surroundings.rootPath, hasNamespace: plan.namespaces.has(.mount))
        } catch {
            guard error.errno == .accessDenied, plan.namespaces.has(.user) else { throw error }
            let mount = requestMount(.root)
            return (try Descriptor.workingDirectory.open("/", [.path, .directory]).release(), mount)
        }
    }

    /// Whoever controls the image controls its `/dev/null`: the host's is taken, and looked at (masked-path-swap).
    private func openNullDevice() throws(RuntimeError) {
        try performing("cannot use /dev/null") { () throws(SystemError) in
            let device = try Descriptor.workingDirectory.open("/dev/null", .path)
            guard try device.descriptor.status().isNullDevice else {
                throw SystemError(.invalid, "look at", "/dev/null")
            }
            // Taken before the host's mounts are gone; the first masked file gets it, others copies of that.
            nullDevice = try device.descriptor.cloneMount(recursively: false).release()
        }
    }

    func enterRoot(_ entry: RootEntry) throws(RuntimeError) {
        try performing("cannot make the root filesystem the root") { () throws(SystemError) in
            switch entry {
            case .pivot: try pivot()
            case .move: try move()
            case .change:
                try ThisProcess.changeDirectory(to: tree.root)
                try ThisProcess.changeRootHere()
            }
            try ThisProcess.changeDirectory(to: "/")
        }
    }

    private func pivot() throws(SystemError) {
        let old = try Descriptor.workingDirectory.open("/", [.path, .directory])
        try ThisProcess.changeDirectory(to: tree.root)
        try ThisProcess.pivotRootHere()
        // Where mounts are shared with the host, to unmount them here would unmount them there.
        try old.descriptor.changeMount(propagation: .slave, recursively: true)
        try ThisProcess.unmountHere()
    }

    private func move() throws(SystemError) {
        try HostFilesystems.remove(except: CleanPath.absolute(surroundings.rootPath))
        let old = try Descriptor.workingDirectory.open("/", [.path, .directory])
        try ThisProcess.changeDirectory(to: tree.root)
        try tree.root.attachMount(at: old.descriptor)
        try ThisProcess.changeRootHere()
    }

    func setRootPropagation(_ propagation: Propagation, _ recursively: Bool) throws(RuntimeError) {
        try performing("linux.rootfsPropagation") { () throws(SystemError) in
            try tree.root.changeMount(propagation: propagation, recursively: recursively)
        }
    }

    func protectRoot() throws(RuntimeError) {
        try performing("root.readonly") { () throws(SystemError) in try tree.root.changeMount(set: .readOnly) }
    }
}
