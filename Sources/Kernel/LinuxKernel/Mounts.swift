internal import CLinux
internal import Glibc

/// What a mount allows: the `MOUNT_ATTR_*` bits of mount_setattr(2).
public struct MountAttributes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let readOnly = MountAttributes(rawValue: 0x01)
    public static let noSetUserID = MountAttributes(rawValue: 0x02)
    public static let noDevices = MountAttributes(rawValue: 0x04)
    public static let noExecution = MountAttributes(rawValue: 0x08)
    public static let noAccessTime = MountAttributes(rawValue: 0x10)
    public static let strictAccessTime = MountAttributes(rawValue: 0x20)
    public static let noDirectoryAccessTime = MountAttributes(rawValue: 0x80)
    public static let noSymbolicLinks = MountAttributes(rawValue: 0x20_0000)
    /// The bits of which one kind of access time is chosen: to change it, clear all of them.
    public static let accessTimeKinds = MountAttributes(rawValue: 0x70)
}

extension MountAttributes {
    /// The `ST_*` flags of statvfs(3). There is none for strict access times: they are what is neither of the others.
    init(statusFlags: UInt) {
        let bits: [(UInt, MountAttributes)] = [
            (0x1, .readOnly), (0x2, .noSetUserID), (0x4, .noDevices), (0x8, .noExecution), (0x400, .noAccessTime),
            (0x800, .noDirectoryAccessTime), (0x2000, .noSymbolicLinks),
        ]
        self = bits.reduce(into: []) { if flags(has: $1.0) { $0.formUnion($1.1) } }
        if !flags(has: 0x400), !flags(has: 0x1000) { formUnion(.strictAccessTime) }
        func flags(has bit: UInt) -> Bool { statusFlags & bit != 0 }
    }
}

/// Whether mounts made in one place show in others: mount_namespaces(7).
public enum Propagation: UInt64, Sendable, Hashable {
    case unbindable = 0x2_0000
    case `private` = 0x4_0000
    case slave = 0x8_0000
    case shared = 0x10_0000
}

/// A file system that is being configured: fsopen(2).
public struct FilesystemContext: ~Copyable {
    private let context: OwnedDescriptor
    private let name: String

    public init(type: String) throws(SystemError) {
        name = type
        context = OwnedDescriptor(owning: try checked(cl_fsopen(type), "fsopen", type))
    }

    /// The file system that `mount` shows, to be configured anew: fspick(2).
    public init(picking mount: Descriptor, name: String) throws(SystemError) {
        self.name = name
        context = OwnedDescriptor(owning: try checked(cl_fspick(mount.number), "fspick", name))
    }

    public func set(_ key: String) throws(SystemError) {
        try checked(cl_fsconfig(context.number, 0, key, nil, 0), "mount option \(key) of", name)
    }

    /// A value longer than 255 bytes is `EINVAL`.
    public func set(_ key: String, _ value: String) throws(SystemError) {
        try checked(cl_fsconfig(context.number, 1, key, value, 0), "mount option \(key)=\(value) of", name)
    }

    public func create() throws(SystemError) { try checked(cl_fsconfig(context.number, 6, nil, nil, 0), "mount", name) }

    public func reconfigure() throws(SystemError) {
        try checked(cl_fsconfig(context.number, 7, nil, nil, 0), "remount", name)
    }

    /// A mount of the created file system that is not attached anywhere.
    public func mount(_ attributes: MountAttributes = []) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(owning: try checked(cl_fsmount(context.number, UInt32(attributes.rawValue)), "mount", name))
    }

    /// What the kernel has to say about the last failure; empty if nothing.
    public func complaint() -> String {
        guard let message = try? context.descriptor.read(upTo: 512) else { return "" }
        let text = String(decoding: message, as: UTF8.self)
        let line = text.split(separator: "\n").joined(separator: "; ")
        return line.hasPrefix("e ") ? String(line.dropFirst(2)) : line
    }
}

extension Descriptor {
    /// A copy of the mount at `path`, from there down, that is not attached anywhere: open_tree(2). An empty path is
    /// this place itself.
    public func cloneMount(at path: String = "", recursively: Bool) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(
            owning: try checked(cl_clone_tree(number, path, recursively ? 1 : 0), "bind", path))
    }

    /// Attaches this mount at the place that `target` is open on: move_mount(2).
    public func attachMount(at target: Descriptor) throws(SystemError) {
        try checked(cl_move_mount(number, target.number), "attach mount")
    }

    /// mount_setattr(2) on this mount, and all below it when told.
    public func changeMount(
        set: MountAttributes = [], clear: MountAttributes = [], propagation: Propagation? = nil,
        idMapping userNamespace: Descriptor? = nil, recursively: Bool = false
    ) throws(SystemError) {
        let answer = cl_mount_setattr(
            number, recursively ? 1 : 0, set.rawValue, clear.rawValue, propagation?.rawValue ?? 0,
            userNamespace?.number ?? -1)
        try checked(answer, "mount_setattr")
    }

    /// Which mount this place is on.
    public func mountIdentifier() throws(SystemError) -> UInt64 {
        var identifier: UInt64 = 0
        try checked(cl_mount_id(number, &identifier), "statx")
        return identifier
    }

    /// What the mount of this place, and its file system, allow: statvfs(3).
    public func mountAttributes() throws(SystemError) -> MountAttributes {
        var flags: UInt = 0
        try checked(cl_mount_flags(number, &flags), "statvfs")
        return MountAttributes(statusFlags: flags)
    }

    /// Whether the mount or its file system is read-only.
    public func isOnReadOnlyMount() throws(SystemError) -> Bool { try mountAttributes().contains(.readOnly) }
}

// MARK: The working directory as a place to act on

extension ThisProcess {
    public static func changeDirectory(to directory: Descriptor) throws(SystemError) {
        try checked(cl_fchdir(directory.number), "chdir")
    }

    public static func changeDirectory(to path: String) throws(SystemError) {
        try checked(cl_chdir(path), "chdir", path)
    }

    /// Mounts over the working directory: mount(2), for what fsconfig(2) cannot say.
    public static func mountHere(source: String, type: String, flags: UInt, data: String) throws(SystemError) {
        try checked(cl_mount_here(source, type, flags, data), "mount", type)
    }

    /// Makes the working directory, which must be a mount's root, the root of this mount namespace; the old root is
    /// then mounted over it, until `unmountHere()` takes it away.
    public static func pivotRootHere() throws(SystemError) { try checked(cl_pivot_root_here(), "pivot_root") }
    public static func unmountHere() throws(SystemError) { try checked(cl_unmount_here(), "umount") }
    public static func changeRootHere() throws(SystemError) { try checked(cl_chroot_here(), "chroot") }
}
