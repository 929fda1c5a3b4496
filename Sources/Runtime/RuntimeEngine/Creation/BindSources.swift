internal import LinuxKernel
internal import SetupPlan

/// Opens what is to be bound into the container, in the runtime's own mount namespace and with its own privileges,
/// before there is a container: as copies of mounts that are attached nowhere.
struct BindSources {
    let bundle: Descriptor
    /// What the plan says of the host's mounts holds for their copies, too.
    private let propagation: (Propagation, recursively: Bool)

    init(_ plan: SetupPlan, bundle: Descriptor) {
        self.bundle = bundle
        var found: (Propagation, Bool) = (.slave, true)
        for case .setHostPropagation(let kind, let recursively) in plan.steps { found = (kind, recursively) }
        propagation = found
    }

    func open(_ plan: SetupPlan) throws(RuntimeError) -> [Int: Descriptor] {
        var sources: [Int: Descriptor] = [:]
        for case .bind(let mount) in plan.steps { sources[mount.index] = try open(mount) }
        return sources
    }

    private func open(_ mount: BindMount) throws(RuntimeError) -> Descriptor {
        do {
            let copy = try bundle.cloneMount(at: mount.source, recursively: mount.options.bindsRecursively)
            return try detached(copy)
        } catch {
            let member = "mounts[\(mount.index)].source"
            guard error.errno == .noEntry || error.errno == .notDirectory else {
                throw RuntimeError("\(member): cannot open \(mount.source)", error)
            }
            throw RuntimeError(.invalidConfiguration, "\(member): \(mount.source): \(error.errno)")
        }
    }

    /// The whole root filesystem, with what is mounted below it. What else the configuration wants of its propagation
    /// comes after pivot_root(2), which refuses shared mounts.
    func root(_ place: Descriptor) throws(RuntimeError) -> Descriptor {
        try performing("cannot mount the root filesystem") { () throws(SystemError) in
            let copy = try place.cloneMount(recursively: true)
            try copy.descriptor.changeMount(propagation: .slave, recursively: true)
            return copy.release()
        }
    }

    private func detached(_ copy: consuming OwnedDescriptor) throws(SystemError) -> Descriptor {
        try copy.descriptor.changeMount(propagation: propagation.0, recursively: true)
        return copy.release()
    }
}
