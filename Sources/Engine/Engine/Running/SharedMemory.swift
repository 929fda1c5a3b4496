internal import LinuxKernel

/// The `/dev/shm` of a container that shares it with others: a file system of its own, that all of them bind.
enum SharedMemory {
    static func make(at path: String, size: Int64) throws(SystemError) {
        let here = Descriptor.workingDirectory
        try here.makeDirectories(path, mode: 0o700)
        let context = try FilesystemContext(type: "tmpfs")
        try context.set("source", "shm")
        try context.set("size", "\(size)")
        try context.set("mode", "1777")
        try context.create()
        let mount = try context.mount([.noSetUserID, .noDevices, .noExecution])
        let target = try here.open(path, [.path, .directory, .noFollow])
        try mount.descriptor.attachMount(at: target.descriptor)
    }

    /// What is not there is no error.
    static func remove(at path: String) throws(SystemError) { try unmountLazily(path) }
}

extension ContainerPaths {
    /// What belongs to one run. The root filesystem is no mount any more.
    func removeBundle() throws(SystemError) {
        try SharedMemory.remove(at: sharedMemory)
        try Descriptor.workingDirectory.removeTree(bundle)
    }
}
