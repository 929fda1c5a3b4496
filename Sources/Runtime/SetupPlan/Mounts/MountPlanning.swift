internal import LinuxKernel
internal import RuntimeSpec

/// Turns `mounts` into steps: config.md, "Mounts".
struct MountPlanning {
    let configuration: RuntimeConfiguration
    let namespaces: NamespacePlan
    /// Steps that come once devices and links are made.
    private(set) var protections: [SetupStep] = []

    init(_ configuration: RuntimeConfiguration, _ namespaces: NamespacePlan) {
        self.configuration = configuration
        self.namespaces = namespaces
    }

    /// `firstStep` is the position in the plan of the first step returned.
    mutating func steps(firstStep: Int, _ refusals: inout Refusals) -> [SetupStep] {
        var steps: [SetupStep] = []
        for (index, mount) in (configuration.mounts ?? []).enumerated() {
            steps.append(step(for: mount, index, position: firstStep + steps.count, &refusals))
        }
        return steps
    }

    private mutating func step(for mount: Mount, _ index: Int, position: Int, _ refusals: inout Refusals) -> SetupStep {
        let options = MountOptions(mount.options ?? [])
        let member = "mounts[\(index)]"
        let destination = CleanPath.absolute(mount.destination)
        if mount.destination.isEmpty { refusals.invalid("\(member).destination", "must not be empty") }
        if destination == "/" { refusals.invalid("\(member).destination", "must not be the root itself") }
        checkMappings(mount, options, member, &refusals)
        if options.isRemount {
            return .remount(
                Remount(index: index, destination: destination, isBind: options.isBind, options: options))
        }
        if options.isBind || mount.type == "bind" {
            return bind(mount, index, destination, options, &refusals)
        }
        guard let type = mount.type, !type.isEmpty else {
            refusals.invalid("\(member).type", "is missing, and the options do not say bind or rbind")
            return .startSession
        }
        if type == "cgroup" || type == "cgroup2" {
            return .mountCgroups(
                CgroupMount(
                    index: index, destination: destination, options: options,
                    hasNamespace: namespaces.has(.cgroup)))
        }
        return filesystem(mount, type, index, destination, options, position, &refusals)
    }

    private func bind(
        _ mount: Mount, _ index: Int, _ destination: String, _ options: MountOptions, _ refusals: inout Refusals
    ) -> SetupStep {
        let member = "mounts[\(index)]"
        guard let source = mount.source, !source.isEmpty else {
            refusals.invalid("\(member).source", "is missing: a bind mount needs one")
            return .startSession
        }
        // runc, too, lets pass what fstab-like generators add, but never something that asks for more.
        for word in options.data { refusals.invalid("\(member).options", "\"\(word)\" means nothing to a bind mount") }
        if options.copiesUp { refusals.invalid("\(member).options", "tmpcopyup is for tmpfs only") }
        return .bind(
            BindMount(
                index: index, destination: destination, source: source, options: options,
                uidMappings: mount.uidMappings ?? [], gidMappings: mount.gidMappings ?? []))
    }

    private mutating func filesystem(
        _ mount: Mount, _ type: String, _ index: Int, _ destination: String, _ options: MountOptions, _ position: Int,
        _ refusals: inout Refusals
    ) -> SetupStep {
        var options = options
        if options.copiesUp && type != "tmpfs" {
            refusals.invalid("mounts[\(index)].options", "tmpcopyup is for tmpfs only")
        }
        if type == "tmpfs" && options.set.contains(.readOnly) {
            // Mount points, devices and copied files still go into it.
            options.set.remove(.readOnly)
            protections.append(.protectMount(atStep: position))
        }
        addLabel(configuration.linux?.mountLabel, type, &options)
        return .mountFilesystem(
            FilesystemMount(
                index: index, destination: destination, type: type, source: mount.source ?? type, options: options))
    }

    /// SELinux labels of file systems that take one at mount time.
    private func addLabel(_ label: String?, _ type: String, _ options: inout MountOptions) {
        guard let label, !label.isEmpty, !["proc", "sysfs", "mqueue"].contains(type) else { return }
        options.data.append("context=\"\(label)\"")
    }

    private func checkMappings(_ mount: Mount, _ options: MountOptions, _ member: String, _ refusals: inout Refusals) {
        let hasMappings = !(mount.uidMappings ?? []).isEmpty || !(mount.gidMappings ?? []).isEmpty
        guard hasMappings || options.mapsIDsRecursively != nil else { return }
        let name = hasMappings ? "\(member).uidMappings" : "\(member).options"
        refusals.unsupported(name, "id-mapped mounts are not supported by wherry-runtime; remove them")
    }
}
