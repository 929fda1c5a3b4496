internal import Cgroups
internal import LinuxKernel
internal import SetupPlan

/// Opens the container's cgroups for a mount of type `cgroup`, before there is a container.
enum CgroupSources {
    static func open(_ plan: SetupPlan, _ manager: any CgroupManager) throws(RuntimeError) -> [CgroupSource] {
        let isWanted = plan.steps.contains { step in
            if case .mountCgroups = step { true } else { false }
        }
        guard isWanted else { return [] }
        var sources: [CgroupSource] = []
        for mount in manager.mounts() { sources.append(try open(mount)) }
        return sources
    }

    private static func open(_ mount: CgroupMountSource) throws(RuntimeError) -> CgroupSource {
        try performing("cannot show cgroup \(mount.path)") { () throws(SystemError) in
            let copy = try Descriptor.workingDirectory.cloneMount(at: mount.path, recursively: false)
            try copy.descriptor.changeMount(propagation: .private)
            return CgroupSource(
                name: mount.name, links: mount.links, filesystem: mount.filesystem, options: mount.options,
                mount: copy.release())
        }
    }
}
