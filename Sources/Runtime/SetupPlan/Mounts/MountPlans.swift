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
    /// Must be mounted on an ordinary directory that no symbolic link leads to (proc-mount-cover).
    public var refusesLinks: Bool { type == "proc" || type == "sysfs" }
}

/// Something of the host's to show in the container.
public struct BindMount: Hashable, Sendable {
    public let index: Int
    public let destination: String
    /// On the host; relative to the bundle.
    public let source: String
    public let options: MountOptions
    public let uidMappings: [IDMapping]
    public let gidMappings: [IDMapping]
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
