internal import CLinux
internal import Glibc

/// An overlay to mount: Linux's Documentation/filesystems/overlayfs.rst.
public struct OverlayMount {
    /// A directory by descriptor, and by a path that is nicer to read in mountinfo.
    public struct Layer: Sendable {
        public let descriptor: Descriptor
        public let path: String
        public init(_ descriptor: Descriptor, path: String) {
            self.descriptor = descriptor
            self.path = path
        }

        /// fsconfig(2) takes no string beyond 255 bytes.
        fileprivate var shortPath: String { path.utf8.count <= 255 ? path : descriptor.procPath }
    }

    /// Where a mount that may be written to keeps what is written.
    public struct Writable: Sendable {
        public let upper: Layer
        /// An empty directory of the upper's file system.
        public let work: Layer
        public init(upper: Layer, work: Layer) { (self.upper, self.work) = (upper, work) }
    }

    /// Read-only directories, the uppermost first.
    public var lower: [Layer]
    /// Nil for a mount that is read-only; then there are two lower directories at least.
    public var writable: Writable?
    /// Attributes of overlayfs are `user.overlay.*`, which unprivileged processes may set.
    public var userAttributes: Bool

    public init(lower: [Layer], writable: Writable?, userAttributes: Bool = false) {
        self.lower = lower
        self.writable = writable
        self.userAttributes = userAttributes
    }

    /// Mounts it on the directory that `target` is.
    ///
    /// Each lower directory is given by a call of its own where the kernel has that (Linux 6.8), and otherwise all of
    /// them in the one string of mount(2), which has 4,096 bytes: enough for 127 by their descriptors.
    public func mount(on target: Descriptor) throws(SystemError) {
        do { return try mountByContext(on: target) } catch {
            guard [.invalid, .notImplemented, .notPermitted].contains(error.errno) else { throw error }
        }
        try mountByString(on: target)
    }

    private func mountByContext(on target: Descriptor) throws(SystemError) {
        let context = OwnedDescriptor(owning: try checked(cl_fsopen("overlay"), "fsopen", "overlay"))
        func set(_ key: String, _ value: String) throws(SystemError) {
            try checked(cl_fsconfig(context.number, 1, key, value, 0), "overlay \(key)", value)  // FSCONFIG_SET_STRING
        }
        for layer in lower { try set("lowerdir+", layer.shortPath) }
        if let writable {
            try set("upperdir", writable.upper.shortPath)
            try set("workdir", writable.work.shortPath)
        }
        try set("source", "overlay")
        if userAttributes { try checked(cl_fsconfig(context.number, 0, "userxattr", nil, 0), "overlay userxattr") }
        try checked(cl_fsconfig(context.number, 6, nil, nil, 0), "mount", "overlay")  // FSCONFIG_CMD_CREATE
        let mount = OwnedDescriptor(owning: try checked(cl_fsmount(context.number, 0), "fsmount", "overlay"))
        try checked(cl_move_mount(mount.number, target.number), "mount", "overlay")
    }

    private func mountByString(on target: Descriptor) throws(SystemError) {
        let layers = lower.map(\.descriptor.procPath).joined(separator: ":")
        let options =
            "lowerdir=\(layers)"
            + (writable.map { ",upperdir=\($0.upper.descriptor.procPath),workdir=\($0.work.descriptor.procPath)" } ?? "")
            + (userAttributes ? ",userxattr" : "")
        guard options.utf8.count < 4096 else { throw SystemError(.nameTooLong, "mount", "overlay") }
        try checked(cl_mount("overlay", target.procPath, "overlay", 0, options), "mount", "overlay")
    }
}

extension Descriptor {
    /// Shows the directory that this is at the one that `target` is: a bind mount.
    public func bindMount(on target: Descriptor) throws(SystemError) {
        let mount = OwnedDescriptor(owning: try checked(cl_clone_tree(number, "", 0), "open_tree"))
        try checked(cl_move_mount(mount.number, target.number), "move_mount")
    }
}

/// Ends the mount at `path`, now, or once the last user of it is gone. What is no mount is no error.
public func unmountLazily(_ path: String) throws(SystemError) {
    let noFollow: CInt = 8  // UMOUNT_NOFOLLOW
    var answer = cl_umount(path, noFollow)
    if answer == -EBUSY { answer = cl_umount(path, noFollow | 2) }  // MNT_DETACH
    if answer == -EINVAL || answer == -ENOENT { return }
    try checked(answer, "unmount", path)
}
