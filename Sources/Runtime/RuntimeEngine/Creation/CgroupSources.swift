internal import Cgroups
internal import SetupPlan

/// The container's cgroups, for a mount of type `cgroup`.
enum CgroupSources {
    static func list(_ plan: SetupPlan, _ manager: any CgroupManager) -> [CgroupSource] {
        let isWanted = plan.steps.contains { step in
            if case .mountCgroups = step { true } else { false }
        }
        guard isWanted else { return [] }
        return manager.mounts().map { mount in
            CgroupSource(
                name: mount.name, links: mount.links, filesystem: mount.filesystem, options: mount.options,
                path: mount.path)
        }
    }
}
