internal import LinuxKernel
internal import SetupPlan

/// Makes a new file system's mount, attached nowhere.
struct FilesystemMaker {
    let mount: FilesystemMount
    /// Permission bits of the directory that it will cover.
    let modeOfPlace: UInt32

    /// File systems of the kernel's own: one that is mounted read-only stays writable elsewhere.
    private static let virtual: Set<String> = [
        "proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs",
        "bpf", "ramfs", "devtmpfs",
    ]

    /// Nil when the options do not fit through fsconfig(2), whose values have at most 255 bytes and whose flags are
    /// fewer than those of mount(2).
    func make() throws(SystemError) -> OwnedDescriptor? {
        if data.contains(where: { $0.utf8.count > 255 }) || mount.options.filesystemFlags.contains("iversion") {
            return nil
        }
        let context = try FilesystemContext(type: mount.type)
        do {
            try context.set("source", mount.source)
            for flag in mount.options.filesystemFlags { try context.set(flag) }
            if mount.options.set.contains(.readOnly), !Self.virtual.contains(mount.type) { try context.set("ro") }
            for option in data { try context.set(option: option) }
            try context.create()
        } catch {
            let complaint = context.complaint()
            throw complaint.isEmpty ? error : SystemError(error.errno, error.call, "\(error.subject) (\(complaint))")
        }
        return try context.mount(mount.options.attributes)
    }

    /// A tmpfs has the mode of the directory that it covers unless it is told one.
    private var data: [String] {
        let options = mount.options.data
        guard mount.type == "tmpfs", !options.contains(where: { $0.hasPrefix("mode=") }) else { return options }
        return options + ["mode=" + String(modeOfPlace, radix: 8)]
    }

    /// The old call, on the working directory: also without a path.
    func mountByString(on place: Descriptor) throws(SystemError) {
        try ThisProcess.changeDirectory(to: place)
        try ThisProcess.mountHere(
            source: mount.source, type: mount.type, flags: legacyFlags,
            data: data.map(Self.quoted).joined(separator: ","))
        try ThisProcess.changeDirectory(to: "/")
    }

    /// `MS_SYNCHRONOUS` and the like.
    private static let legacyNames: [String: UInt] = [
        "sync": 1 << 4, "mand": 1 << 6, "dirsync": 1 << 7, "iversion": 1 << 23, "lazytime": 1 << 25,
    ]

    /// A label of SELinux's, which has commas of its own, stands in quotes where options are one text.
    private static func quoted(_ option: String) -> String {
        option.hasPrefix("context=") ? "context=\"\(option.dropFirst("context=".count))\"" : option
    }

    /// The bits of mount(2).
    private var legacyFlags: UInt {
        let bits: [(MountAttributes, UInt)] = [
            (.readOnly, 1), (.noSetUserID, 2), (.noDevices, 4), (.noExecution, 8), (.noAccessTime, 1024),
            (.noDirectoryAccessTime, 2048), (.strictAccessTime, 1 << 24), (.noSymbolicLinks, 256),
        ]
        let flags = bits.reduce(0) { mount.options.attributes.contains($1.0) ? $0 | $1.1 : $0 }
        return mount.options.filesystemFlags.reduce(flags) { $0 | (Self.legacyNames[$1] ?? 0) }
    }
}
