internal import LinuxKernel
internal import RuntimeSpec

/// Turns `mounts` into steps: config.md, "Mounts".
struct MountPlanning {
    let configuration: RuntimeConfiguration
    let namespaces: NamespacePlan
    /// On the host.
    let bundle: String
    /// Steps that come once all is there that goes into the mounts.
    private(set) var protections: [SetupStep] = []

    init(_ configuration: RuntimeConfiguration, _ namespaces: NamespacePlan, bundle: String) {
        self.configuration = configuration
        self.namespaces = namespaces
        self.bundle = bundle
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
        let destination = destination(of: mount, member, &refusals)
        let idMap = MountIDMapPlanning(mount, options, member).map(namespaces, &refusals)
        if options.isRemount {
            return .remount(
                Remount(index: index, destination: destination, isBind: options.isBind, options: options))
        }
        if options.isBind || mount.type == "bind" {
            return bind(mount, index, destination, options, idMap, &refusals)
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
        return filesystem(mount, type, index, destination, options, idMap, position, &refusals)
    }

    /// Below the container's root. Tools that know runc also give the path on the host.
    private func destination(of mount: Mount, _ member: String, _ refusals: inout Refusals) -> String {
        if mount.destination.isEmpty { refusals.invalid("\(member).destination", "must not be empty") }
        var names = CleanPath.names(mount.destination)
        let root = CleanPath.names(CleanPath.below(bundle, configuration.root?.path ?? ""))
        if !root.isEmpty, names.starts(with: root) { names.removeFirst(root.count) }
        if names.isEmpty { refusals.invalid("\(member).destination", "must not be the root itself") }
        return "/" + names.joined(by: "/")
    }

    private func bind(
        _ mount: Mount, _ index: Int, _ destination: String, _ options: MountOptions, _ idMap: MountIDMap?,
        _ refusals: inout Refusals
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
                index: index, destination: destination, source: CleanPath.below(bundle, source), options: options,
                idMap: idMap))
    }

    private mutating func filesystem(
        _ mount: Mount, _ type: String, _ index: Int, _ destination: String, _ options: MountOptions,
        _ idMap: MountIDMap?, _ position: Int, _ refusals: inout Refusals
    ) -> SetupStep {
        var options = options
        if options.copiesUp && type != "tmpfs" {
            refusals.invalid("mounts[\(index)].options", "tmpcopyup is for tmpfs only")
        }
        if type == "tmpfs" || destination == "/dev", options.set.contains(.readOnly) {
            // Mount points, devices and copied files still go into it.
            options.set.remove(.readOnly)
            protections.append(.protectMount(atStep: position))
        }
        addLabel(configuration.linux?.mountLabel, type, &options)
        return .mountFilesystem(
            FilesystemMount(
                index: index, destination: destination, type: type, source: mount.source ?? type, options: options,
                idMap: idMap))
    }

    /// SELinux labels of file systems that take one at mount time.
    private func addLabel(_ label: String?, _ type: String, _ options: inout MountOptions) {
        guard let label, !label.isEmpty, !["proc", "sysfs", "mqueue"].contains(type) else { return }
        options.data.append("context=\(label)")
    }
}
