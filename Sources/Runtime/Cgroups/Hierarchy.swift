internal import LinuxKernel

/// A tree of cgroups as this process sees it: cgroups(7).
public struct Hierarchy: Hashable, Sendable {
    /// Of a v1 hierarchy its controllers, or its name as in `name=systemd`. Empty for the unified one.
    public let controllers: [String]
    public let mountPoint: String
    /// This process's own cgroup, as a path below `mountPoint` that begins with a slash.
    public let ownCgroup: String

    public var isUnified: Bool { controllers.isEmpty }

    /// What stands for this hierarchy in saved state: its first controller, empty for the unified one.
    public var key: String { controllers.first ?? "" }
}

/// The hierarchies of a machine.
public struct CgroupLayout: Hashable, Sendable {
    public let legacy: [Hierarchy]
    public let unified: Hierarchy?

    /// Only cgroup v2 is there: cgroups(7), "CGROUPS VERSION 2".
    public var isPurelyUnified: Bool { legacy.isEmpty && unified != nil }

    /// What the kernel says of this process and its mounts.
    public static func detect() throws(CgroupError) -> CgroupLayout {
        do {
            let mounts = try Descriptor.workingDirectory.readFile("/proc/self/mountinfo")
            let own = try Descriptor.workingDirectory.readFile("/proc/self/cgroup")
            return CgroupLayout(
                mountinfo: String(decoding: mounts, as: UTF8.self), cgroup: String(decoding: own, as: UTF8.self))
        } catch {
            throw CgroupError("cannot find out which cgroups there are: \(error.subject)", error)
        }
    }

    /// From the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`.
    package init(mountinfo: String, cgroup: String) {
        let mounts = CgroupMount.parse(mountinfo)
        var legacy: [Hierarchy] = []
        var unified: Hierarchy?
        for membership in Membership.parse(cgroup) {
            guard let hierarchy = Self.hierarchy(of: membership, mounts: mounts) else { continue }
            if hierarchy.isUnified { unified = hierarchy } else { legacy.append(hierarchy) }
        }
        self.legacy = legacy
        self.unified = unified
    }

    /// A hierarchy may be mounted more than once, whole or in part: the first mount that shows the process's own
    /// cgroup is taken, else the first.
    private static func hierarchy(of membership: Membership, mounts: [CgroupMount]) -> Hierarchy? {
        let candidates = mounts.filter { mount in
            mount.isUnified == membership.isUnified && membership.controllers.allSatisfy(mount.options.contains)
        }
        let showing = candidates.first { CgroupPath.below($0.root, membership.path) != nil }
        guard let mount = showing ?? candidates.first else { return nil }
        // A mount from outside of our cgroup namespace has a root such as `/../..`: nothing can be said of our place.
        let own = CgroupPath.below(CgroupPath.clean(mount.root), membership.path) ?? "/"
        return Hierarchy(
            controllers: membership.controllers, mountPoint: mount.mountPoint, ownCgroup: CgroupPath.clean(own))
    }

    /// The hierarchy that has `controller`.
    public func hierarchy(of controller: String) -> Hierarchy? {
        legacy.first { $0.controllers.contains(controller) }
    }
}

extension Hierarchy {
    /// Where a container's cgroup is, below the mount point. config-linux.md, "Cgroups Path": an absolute path starts
    /// at the hierarchy's root, a relative one at this process's own cgroup, and none at all means `id` there.
    ///
    /// On a purely unified layout "own" is the parent of the process's cgroup: a cgroup with processes in it can have
    /// no children with controllers (cgroups(7), "no internal processes").
    package func place(of cgroupsPath: String?, id: String, isPurelyUnified: Bool) -> String {
        let wanted = CgroupPath.clean(cgroupsPath ?? "")
        if CgroupPath.isAbsolute(wanted), wanted != "/" { return wanted }
        let start = isPurelyUnified ? CgroupPath.parent(of: ownCgroup) : ownCgroup
        return CgroupPath.join(start, wanted.isEmpty || wanted == "/" ? id : wanted)
    }
}
