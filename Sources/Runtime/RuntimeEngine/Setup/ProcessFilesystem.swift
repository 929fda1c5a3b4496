internal import LinuxKernel
internal import SetupPlan

/// A procfs of our own that is mounted nowhere: whatever lies over `/proc`, here or in the container, what is written
/// here goes where it is meant to go (procfs-redirect, proc-mount-cover).
struct ProcessFilesystem {
    let root: Descriptor
    private static let resolution: Resolution = [.beneath, .noSymlinks]

    /// It shows the pid namespace of whoever makes it.
    init() throws(SystemError) {
        let context = try FilesystemContext(type: "proc")
        try context.create()
        root = try context.mount([.noSetUserID, .noDevices, .noExecution]).release()
    }

    /// The one that is mounted where the runtime is: no container has it within its reach.
    private init(mountedAt path: String) throws(SystemError) {
        let directory = try Descriptor.workingDirectory.open(path, [.path, .directory, .noFollow])
        guard try directory.descriptor.filesystemType() == FilesystemType.proc else {
            throw SystemError(.invalid, "statfs", path)
        }
        root = directory.release()
    }

    /// One for `plan`, if it needs it, of our own pid namespace. Nil also where we may not make it, but root of the
    /// container's user namespace may: for a pid namespace that is made with it. A runtime in a user namespace, as
    /// rootless podman's, owns no pid namespace to make one for: it has `/proc`.
    ///
    /// `joinsProcesses`: among those that are in the container already, some may see what the process has open, and in
    /// our procfs the whole host (fd-leak-exec). Nil then, too, where the process can make one of the container's.
    static func make(for plan: SetupPlan, joinsProcesses: Bool) throws(RuntimeError) -> ProcessFilesystem? {
        guard plan.needsProcessFilesystem else { return nil }
        if joinsProcesses, !plan.namespaces.has(.user), ThisProcess.mayRestrictDevices { return nil }
        do { return try ProcessFilesystem() } catch {
            guard error.errno == .notPermitted else { throw RuntimeError("procfs", error) }
            if plan.namespaces.has(.user), plan.namespaces.created.contains(.pid) { return nil }
        }
        return try performing("procfs") { () throws(SystemError) in try ProcessFilesystem(mountedAt: "/proc") }
    }

    func write(_ path: String, _ text: String) throws(SystemError) {
        let file = try root.open(path, .writeOnly, resolving: Self.resolution)
        do { try file.descriptor.writeAll(text) } catch { throw SystemError(error.errno, "write", "/proc/" + path) }
    }

    func exists(_ path: String) -> Bool { (try? root.open(path, .path, resolving: Self.resolution)) != nil }

    /// Opens again what `descriptor` is, for reading and writing.
    func reopen(_ descriptor: Descriptor) throws(SystemError) -> OwnedDescriptor {
        try root.open("self/fd/\(descriptor.number)", [.readWrite, OpenFlags(rawValue: 0o400)])  // O_NOCTTY
    }

    /// Our own number in the pid namespace that this procfs shows.
    func ownPath() throws(SystemError) -> String { try root.readSymbolicLink("self") }
}
