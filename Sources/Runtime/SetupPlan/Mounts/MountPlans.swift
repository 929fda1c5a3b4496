internal import LinuxKernel
public import RuntimeSpec

/// A new file system to mount.
public struct FilesystemMount: Hashable, Sendable {
    /// The position in `mounts`, for messages.
    public let index: Int
    public let destination: String
    public let type: String
    public let source: String
    public let options: MountOptions
    public let idMap: MountIDMap?
    /// Must be mounted on an ordinary directory that no symbolic link leads to (proc-mount-cover).
    public var refusesLinks: Bool { type == "proc" || type == "sysfs" }
}

/// Something of the host's to show in the container.
public struct BindMount: Hashable, Sendable {
    public let index: Int
    public let destination: String
    /// Absolute, in the mount namespace that the container's process is in before it enters its root.
    public let source: String
    public let options: MountOptions
    public let idMap: MountIDMap?
}

/// Owners of files as a mount shows them: `MOUNT_ATTR_IDMAP` of mount_setattr(2).
public struct MountIDMap: Hashable, Sendable {
    /// The mount's own mappings; nil for those of the container's user namespace.
    public let mappings: IDMappings?
    public let recursively: Bool
}

/// Mappings of a user namespace.
public struct IDMappings: Hashable, Sendable {
    public let users: [IDMapping]
    public let groups: [IDMapping]

    public init(users: [IDMapping], groups: [IDMapping]) {
        self.users = users
        self.groups = groups
    }
}

/// The container's cgroups below `/sys/fs/cgroup`.
public struct CgroupMount: Hashable, Sendable {
    public let index: Int
    public let destination: String
    public let options: MountOptions
    /// Whether the container has a cgroup namespace of its own, in which a new mount shows its cgroup as the root.
    public let hasNamespace: Bool
}

/// New options for what is mounted already.
public struct Remount: Hashable, Sendable {
    public let index: Int
    public let destination: String
    /// Only the mount, not the file system.
    public let isBind: Bool
    public let options: MountOptions
}
