internal import LinuxKernel
internal import RuntimeSpec

/// `uidMappings` and `gidMappings` of a mount, `idmap` and `ridmap`: config.md, "Linux mount options" and "POSIX-platform
/// Mounts".
struct MountIDMapPlanning {
    private let mount: Mount
    private let options: MountOptions
    private let member: String

    init(_ mount: Mount, _ options: MountOptions, _ member: String) {
        (self.mount, self.options, self.member) = (mount, options, member)
    }

    func map(_ namespaces: NamespacePlan, _ refusals: inout Refusals) -> MountIDMap? {
        let (users, groups) = (mount.uidMappings ?? [], mount.gidMappings ?? [])
        guard options.mapsIDsRecursively != nil || !users.isEmpty || !groups.isEmpty else { return nil }
        check(users, groups, namespaces, &refusals)
        return MountIDMap(
            mappings: users.isEmpty ? nil : IDMappings(users: users, groups: groups),
            recursively: options.mapsIDsRecursively ?? false)
    }

    private func check(
        _ users: [IDMapping], _ groups: [IDMapping], _ namespaces: NamespacePlan, _ refusals: inout Refusals
    ) {
        if users.isEmpty != groups.isEmpty {
            refusals.invalid("\(member).uidMappings", "and gidMappings must be given together")
        }
        if users.isEmpty, groups.isEmpty, !namespaces.has(.user) {
            refusals.invalid(
                "\(member).options", "idmap and ridmap need uidMappings and gidMappings, or a user namespace")
        }
        let isBind = options.isBind || mount.type == "bind"
        if options.isRemount || mount.type == "cgroup" || mount.type == "cgroup2" || (!isBind && namespaces.has(.user))
        {
            refusals.invalid(
                "\(member).uidMappings", "only what is bound, or new in the host's user namespace, can be mapped")
        }
    }
}
