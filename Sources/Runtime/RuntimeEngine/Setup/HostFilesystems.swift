internal import LinuxKernel

/// procfs and sysfs of the host, where they stay in the container's mount namespace: for `--no-pivot`.
///
/// A new user namespace may mount procfs only where one is wholly visible already. With chroot(2) the host's would be,
/// whatever the container's masks hide.
enum HostFilesystems {
    /// Takes away those that are not below `root`, or covers them. The table has paths without `.` and `..`, and so must
    /// `root` be.
    static func remove(except root: String) throws(SystemError) {
        let table = try Descriptor.workingDirectory.readFile("/proc/self/mountinfo")
        for mount in MountRecord.parse(String(decoding: table, as: UTF8.self)) {
            guard mount.root == "/", mount.type == "proc" || mount.type == "sysfs",
                !mount.mountPoint.hasPrefix(root + "/")
            else { continue }
            try remove(mount.mountPoint)
        }
    }

    private static func remove(_ path: String) throws(SystemError) {
        let place: OwnedDescriptor
        do { place = try Descriptor.workingDirectory.open(path, [.path, .directory]) } catch {
            // Gone with a mount above it.
            if error.errno == .noEntry { return }
            throw error
        }
        // The host is not to hear of it.
        try place.descriptor.changeMount(propagation: .slave, recursively: true)
        try ThisProcess.changeDirectory(to: place.descriptor)
        do { try ThisProcess.unmountHere() } catch {
            // Locked in a user namespace.
            guard error.errno == .invalid || error.errno == .notPermitted else { throw error }
            let context = try FilesystemContext(type: "tmpfs")
            try context.create()
            let cover = try context.mount(.readOnly)
            try cover.descriptor.attachMount(at: place.descriptor)
        }
    }
}
