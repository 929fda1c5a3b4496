internal import LinuxKernel
internal import RuntimeSpec

/// `<root>/<id>`, open.
final class StateDirectory {
    let id: String
    let path: String
    private let directory: OwnedDescriptor
    var descriptor: Descriptor { directory.descriptor }

    /// Makes the directory, and the root if it is missing.
    init(making id: String, below root: RuntimeRoot) throws(RuntimeError) {
        let path = root.path + "/" + id
        directory = try performing("cannot keep the container's state in \(root.path)") { () throws(SystemError) in
            try Descriptor.workingDirectory.makeDirectories(root.path, mode: 0o700)
            try Descriptor.workingDirectory.makeDirectory(path, mode: 0o711)
            return try Descriptor.workingDirectory.open(path, [.path, .directory, .noFollow])
        }
        self.id = id
        self.path = path
    }

    init(opening id: String, below root: RuntimeRoot) throws(RuntimeError) {
        try ContainerID.check(id)
        path = root.path + "/" + id
        self.id = id
        do { directory = try Descriptor.workingDirectory.open(path, [.path, .directory, .noFollow]) } catch {
            guard error.errno == .noEntry || error.errno == .notDirectory else {
                throw RuntimeError("cannot open the container's state", error)
            }
            throw RuntimeError(.noSuchContainer, "container \"\(id)\" does not exist in \(root.path)")
        }
    }

    // MARK: Files

    /// Nil when there is no such file.
    func read(_ name: String) throws(RuntimeError) -> [UInt8]? {
        do { return try descriptor.readFile(name, limit: maximumDocumentSize) } catch {
            if error.errno == .noEntry { return nil }
            throw RuntimeError("cannot read the container's state", error)
        }
    }

    /// Replaces a file at once. What is here is worth nothing after a crash of the machine: it is not forced to disk.
    func write(_ name: String, _ bytes: [UInt8]) throws(RuntimeError) {
        try performing("cannot write the container's state") { () throws(SystemError) in
            let file = try descriptor.open(name + ".new", [.writeOnly, .create, .truncate, .noFollow], mode: 0o600)
            try file.descriptor.writeAll(bytes)
            try file.close()
            try descriptor.rename(name + ".new", to: name)
        }
    }

    func make(_ folder: String, mode: UInt32) throws(RuntimeError) {
        try performing("cannot keep the container's state") { () throws(SystemError) in
            try descriptor.makeDirectory(folder, mode: mode)
        }
    }

    func remove() throws(RuntimeError) {
        try performing("cannot remove the container's state") { () throws(SystemError) in
            try Descriptor.workingDirectory.removeTree(path)
        }
    }

    // MARK: What they say

    func container() throws(RuntimeError) -> StoredContainer {
        guard let bytes = try read(StateFile.state) else {
            throw RuntimeError(.wrongState, "container \"\(id)\" is only half made: delete it with --force")
        }
        do { return try StoredContainer(parsing: bytes) } catch {
            throw RuntimeError(.system, "\(path)/\(StateFile.state): \(error): delete the container with --force")
        }
    }

    func configuration() throws(RuntimeError) -> RuntimeConfiguration {
        do { return try RuntimeConfiguration(parsing: try read(StateFile.configuration) ?? []) } catch {
            throw RuntimeError(.system, "\(path)/\(StateFile.configuration): \(error)")
        }
    }

    /// Nil while the container is being created.
    func firstProcess() throws(RuntimeError) -> FirstProcess? {
        try read(StateFile.process).flatMap { FirstProcess(line: $0) }
    }

    func isWaitingForStart() throws(RuntimeError) -> Bool {
        try performing("cannot look at the container's state") { () throws(SystemError) in
            try descriptor.exists(StateFile.fifo)
        }
    }
}
