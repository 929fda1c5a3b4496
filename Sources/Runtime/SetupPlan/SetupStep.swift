public import LinuxKernel

/// One thing that the container's first process does to its surroundings and to itself before it becomes the program.
///
/// The order in which a plan lists steps is the order in which they are done. Paths are the container's unless said
/// otherwise, and are resolved below its root.
public enum SetupStep: Hashable, Sendable {
    // Sessions
    /// setsid(2).
    case startSession
    /// keyctl(2), `KEYCTL_JOIN_SESSION_KEYRING`, under this name.
    case joinKeyring(String)
    /// Lets the `lo` of a new network namespace carry packets, as every runtime does.
    case raiseLoopback

    // The root filesystem, still beside the host's
    /// Decides for all mounts of the new namespace whether they still hear of the host's, or are heard of there.
    case setHostPropagation(Propagation, recursively: Bool)
    /// Mounts the root filesystem over its own place, with what is mounted below it.
    case attachRoot
    case mountFilesystem(FilesystemMount)
    case bind(BindMount)
    case mountCgroups(CgroupMount)
    case remount(Remount)
    case makeDevice(DeviceNode)
    case makeLink(path: String, target: String, LinkManner = .keeping)
    /// A new pseudoterminal becomes the standard streams and, in a container's first process, `/dev/console`.
    case openTerminal(TerminalSize?, mountsConsole: Bool)
    /// Makes a mount read-only that had to be writable so far: the number is its step's position.
    case protectMount(atStep: Int)
    /// Tells the runtime that the mounts are there, and waits until it has run its hooks and set the limits.
    case awaitRuntimeHooks
    case runHooks(ContainerHooks)

    // Inside
    /// Makes the root filesystem `/`.
    case enterRoot(RootEntry)
    /// Standard streams that are the host's `/dev/null` become the container's own.
    case reopenNullStreams
    case setRootPropagation(Propagation, recursively: Bool)
    case protectRoot
    case setHostname(String)
    case setDomainname(String)
    /// A kernel parameter by its path below `/proc/sys`.
    case setParameter(path: String, value: String)
    case makeReadOnly(String)
    case mask(String)
    case makeWorkingDirectory(String)

    // The process itself
    /// Closes every descriptor that no later step needs: nothing of the host's is open while the process waits.
    case releaseDescriptors
    /// personality(2).
    case setPersonality(UInt)
    /// set_mempolicy(2).
    case setMemoryPolicy(NodePolicy)
    case setNoNewPrivileges
    case setSecurityLabel(SecurityLabel)
    /// Installs the filter that was compiled from `linux.seccomp`.
    case installFilter
    case setLimits([ProcessLimit])
    case limitBoundingSet(CapabilitySet)
    case changeUser(UserChange)
    case setCapabilities(ThreadCapabilities, ambient: CapabilitySet)
    case enterWorkingDirectory(String)
    /// `HOME` of this user, from the container's passwd(5), unless the environment has one.
    case setHome(ofUser: UInt32)
    /// Finds the program and checks that it can be executed.
    case findProgram
    /// Tells the runtime that all is ready, and waits for `start`.
    case awaitStart
    case execute
}

/// Hooks that run in the container's own namespaces.
public enum ContainerHooks: Hashable, Sendable { case createContainer, startContainer }

/// How the root filesystem becomes `/`.
public enum RootEntry: Hashable, Sendable {
    /// pivot_root(2).
    case pivot
    /// Mounted over `/`, and chroot(2): for `--no-pivot`.
    case move
    /// chroot(2) alone: without a mount namespace. What is mounted stays until somebody unmounts it.
    case change
}

/// A label to take on at exec(2).
public enum SecurityLabel: Hashable, Sendable {
    case appArmor(profile: String)
    case seLinux(context: String)
}

/// Who the process becomes.
public struct UserChange: Hashable, Sendable {
    public let user: UInt32
    public let group: UInt32
    /// All of the supplementary groups; none of the runtime's stay.
    public let groups: [UInt32]
    public let umask: UInt32?
}

/// When a symbolic link is made.
public enum LinkManner: Hashable, Sendable {
    /// Unless there is something already.
    case keeping
    /// Whatever there is already.
    case replacing
    /// As `keeping`, and only if its target is there.
    case withTarget
}

/// A device node to make.
public struct DeviceNode: Hashable, Sendable {
    public let path: String
    public let kind: FileKind
    public let major: UInt32
    public let minor: UInt32
    /// Permission bits.
    public let mode: UInt32
    public let owner: UInt32
    public let group: UInt32
    /// The host's node of that path is bind-mounted, with its mode and owner, since a user namespace may not make one.
    public let bindsFromHost: Bool
}
