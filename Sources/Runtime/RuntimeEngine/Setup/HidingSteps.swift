internal import LinuxKernel
internal import SetupPlan

/// Masked and read-only paths, kernel parameters, the working directory: what is done once inside.
extension SetupInterpreter {
    /// A file shows `/dev/null`, a directory an empty one. What is not there needs no mask.
    func mask(_ path: String) throws(RuntimeError) {
        try performing("linux.maskedPaths: cannot mask \(path)") { () throws(SystemError) in
            guard let place = try find(path) else { return }
            if try place.descriptor.status().kind == .directory {
                try maskDirectory(place.descriptor)
            } else {
                try maskFile(place.descriptor)
            }
        }
    }

    private func find(_ path: String) throws(SystemError) -> OwnedDescriptor? {
        for (mountPoint, mount) in kernelMounts where path == mountPoint || path.hasPrefix(mountPoint + "/") {
            return try RootTree(root: mount).find("/" + path.dropFirst(mountPoint.count))
        }
        return try tree.find(path)
    }

    private func maskFile(_ place: Descriptor) throws(SystemError) {
        guard let nullDevice else { return }
        if isNullDeviceAttached { return try nullDevice.bindMount(on: place) }
        try nullDevice.attachMount(at: place)
        isNullDeviceAttached = true
    }

    /// All masked directories show the same empty one.
    private func maskDirectory(_ place: Descriptor) throws(SystemError) {
        if let emptyDirectory { return try emptyDirectory.bindMount(on: place) }
        let context = try FilesystemContext(type: "tmpfs")
        try context.set("mode", "755")
        try context.set("nr_blocks", "1")
        try context.set("nr_inodes", "1")
        if let label = plan.mountLabel { try context.set("context", label) }
        try context.create()
        let made = try context.mount([.readOnly, .noSetUserID, .noDevices, .noExecution]).release()
        try made.attachMount(at: place)
        emptyDirectory = made
    }

    func makeReadOnly(_ path: String) throws(RuntimeError) {
        try performing("linux.readonlyPaths: cannot protect \(path)") { () throws(SystemError) in
            guard let place = try find(path) else { return }
            let copy = try place.descriptor.cloneMount(recursively: true)
            try copy.descriptor.changeMount(set: .readOnly)
            try copy.descriptor.attachMount(at: place.descriptor)
        }
    }

    func setParameter(_ path: String, _ value: String) throws(RuntimeError) {
        guard let files = surroundings.processFilesystem else { return }
        try performing("linux.sysctl") { () throws(SystemError) in try files.write("sys/" + path, value) }
    }

    func makeWorkingDirectory(_ path: String) throws(RuntimeError) {
        try performing("process.cwd: cannot make \(path)") { () throws(SystemError) in
            _ = try tree.place(path, making: .directory)
        }
    }
}
