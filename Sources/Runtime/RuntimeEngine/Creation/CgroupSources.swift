internal import Cgroups
internal import LinuxKernel
internal import SetupPlan

/// The container's cgroups, for a mount of type `cgroup`.
enum CgroupSources {
    /// Where root shares his cgroup namespace with a container he shows it all cgroups (v2), as runc does; anybody else
    /// shows no more than the container's own (cgroup-writable).
    static func mounts(_ plan: SetupPlan, _ manager: any CgroupManager) -> [CgroupMountSource] {
        let isOfRoot = !plan.namespaces.has(.user) && ThisProcess.mayRestrictDevices
        return manager.mounts(showingAll: isOfRoot && !plan.namespaces.has(.cgroup))
    }

    static func list(_ plan: SetupPlan, _ manager: any CgroupManager) -> [CgroupSource] {
        let isWanted = plan.steps.contains { step in
            if case .mountCgroups = step { true } else { false }
        }
        guard isWanted else { return [] }
        return mounts(plan, manager).map { mount in
            CgroupSource(
                name: mount.name, links: mount.links, filesystem: mount.filesystem, options: mount.options,
                path: mount.path)
        }
    }
}
