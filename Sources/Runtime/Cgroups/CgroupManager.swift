public import LinuxKernel
public import RuntimeSpec

/// A container's cgroups, from before its first process to after its last.
///
/// The story: `create` makes the directories and refuses ones that others are using. The first process is born into
/// them through `entry()`; where it need not be, into what `createBirthplace` made, and enters the others later. `apply` sets the limits; where the setup must use devices that the container may not, that
/// happens after the setup. `add`, `entry` and `processes` serve those who join and watch. In the end `signalAll`
/// ends what still runs and `destroy` removes the directories. What the manager is can be saved as `paths` and had
/// again with ``CgroupLayout/openManager(paths:)``.
public protocol CgroupManager: AnyObject {
    /// The directories by hierarchy: a v1 hierarchy's first controller or its `name=…`, `""` for the unified one.
    var paths: [String: String] { get }

    /// The unit that systemd keeps for the container, if it is asked to.
    var unit: SystemdUnit? { get }

    /// Makes the directories. Throws when they hold processes, or are frozen, already.
    func create() throws(CgroupError)

    /// Makes, before `create` makes the others, the one directory that a process can only be born into, so that the
    /// others can be made while the process already does something: cgroup v1. Nil where `create` must come first.
    func createBirthplace() throws(CgroupError) -> CgroupEntry?

    /// Whether the directory is (still) there.
    var exists: Bool { get }

    /// Sets what `resources` ask for, and leaves alone what they do not name: config-linux.md, "Control groups".
    /// Returns a line for what could not be followed.
    func apply(_ resources: Resources, devices: DeviceLimits) throws(CgroupError) -> [String]

    /// Whether `apply` denies all devices for a moment before it allows some: cgroup v1.
    var interruptsDevices: Bool { get }

    /// Lets go of what was needed until the container's first process was there. May be called again.
    func settle()

    /// The way in for a process that is about to be started. `places` are cgroups below the container's, by controller
    /// (`""`: all of them). `initProcess` shows where the others of the container are, should it have made cgroups of
    /// its own and moved there.
    func entry(below places: [String: String], besides initProcess: Int32?) throws(CgroupError) -> CgroupEntry

    /// Moves a process that exists into the cgroups.
    func add(process: Int32) throws(CgroupError)

    /// The processes in the cgroup and below it.
    func processes() throws(CgroupError) -> [Int32]

    /// Signals every process in the cgroup and below it, also those that fork meanwhile.
    func signalAll(_ signal: Int32) throws(CgroupError)

    /// Stops every process until `thaw`; returns when all stand still.
    func freeze() throws(CgroupError)
    func thaw() throws(CgroupError)
    /// Whether `freeze` was called on this cgroup; not whether one above it is frozen.
    func isFrozen() throws(CgroupError) -> Bool

    /// Begins to watch for want of memory; nil where no controller limits it.
    func watchMemory() throws(CgroupError) -> (any OutOfMemoryWatch)?

    func statistics() throws(CgroupError) -> CgroupStatistics

    /// What a mount of type `cgroup` in the configuration shows: config-linux.md, "Default Filesystems". `showingAll`:
    /// all of cgroup v2, by the paths that the container's processes read of themselves.
    func mounts(showingAll: Bool) -> [CgroupMountSource]

    /// Removes the directories and all below them; goes on after a failure, and then throws the first.
    func destroy() throws(CgroupError)
}

extension CgroupManager {
    public var unit: SystemdUnit? { nil }
    public func settle() {}
    public func createBirthplace() throws(CgroupError) -> CgroupEntry? { nil }
    public func entry() throws(CgroupError) -> CgroupEntry { try entry(below: [:], besides: nil) }
}

/// Whether device rules are part of what is applied.
public enum DeviceLimits: Sendable {
    /// As the configuration says, with what every container may use added.
    case enforced
    /// Not touched: an update of other limits, or a user namespace, where only the host could set them.
    case untouched
}

/// The descriptors by which a process gets into a container's cgroups at once and cheaply.
///
/// Moving a process by its number makes the kernel wait for every CPU (some 5 to 20 ms). Two ways do not: clone3(2)
/// with `CLONE_INTO_CGROUP`, and a process of a single thread that writes `0` into the `tasks` file of a v1 hierarchy.
public final class CgroupEntry {
    /// A cgroup v2 directory for `CLONE_INTO_CGROUP`, if there is a unified hierarchy.
    public var unified: Descriptor? { directory?.handle.descriptor }
    /// `tasks` files of v1 hierarchies, open for writing: the new process itself writes `0` into each, before it has
    /// threads. They are close-on-exec.
    public let tasks: [Descriptor]
    /// Neither way is open to us: this has a process moved, before which it makes none of its own.
    public let move: ((Int32) throws(CgroupError) -> Void)?

    private let directory: CgroupDirectory?

    init(directory: CgroupDirectory?, tasks: [Descriptor]) {
        self.directory = directory
        self.tasks = tasks
        move = nil
    }

    init(move: @escaping (Int32) throws(CgroupError) -> Void) {
        directory = nil
        tasks = []
        self.move = move
    }

    deinit { for descriptor in tasks { descriptor.close() } }

    /// Moves the process that calls this, which must have one thread only, through `tasks`.
    public func joinLegacy() throws(CgroupError) {
        for file in tasks {
            do { try file.writeAll("0") } catch { throw CgroupError("cannot enter the container's cgroup", error) }
        }
    }
}

/// A container's cgroup in one hierarchy, as a directory for the container's `/sys/fs/cgroup`.
public struct CgroupMountSource: Hashable, Sendable {
    /// The name below the mount's destination: `cpu,cpuacct`, `systemd`, `unified`. Empty on a purely unified layout,
    /// where the directory is the destination itself.
    public let name: String
    /// Names that are symbolic links to `name`: `cpu` and `cpuacct` for `cpu,cpuacct`.
    public let links: [String]
    /// What is shown, as a path of the host's: for a bind mount. Nil where the container has no cgroup of its own.
    public let path: String?
    /// `cgroup` or `cgroup2`, for a mount of its own in the container's cgroup namespace.
    public let filesystem: String
    /// Options that such a mount needs: `cpu,cpuacct`, `name=systemd`.
    public let options: [String]
}
