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

    /// Replaces the record at once. What is here is worth nothing after a crash of the machine: it is not forced to disk.
    func write(_ record: StateRecord) throws(RuntimeError) {
        try performing("cannot write the container's state") { () throws(SystemError) in
            let name = StateFile.container + ".new"
            let file = try descriptor.open(name, [.writeOnly, .create, .truncate, .noFollow], mode: 0o600)
            try file.descriptor.writeAll(record.bytes)
            try file.close()
            try descriptor.rename(name, to: StateFile.container)
        }
    }

    /// From here on other calls see the container as created.
    func add(_ process: FirstProcess) throws(RuntimeError) {
        try performing("cannot write the container's state") { () throws(SystemError) in
            let file = try descriptor.open(StateFile.container, [.writeOnly, .append, .noFollow])
            try file.descriptor.writeAll(StateRecord.addition(process))
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

    func record() throws(RuntimeError) -> StateRecord {
        let bytes: [UInt8]
        do { bytes = try descriptor.readFile(StateFile.container, limit: 2 * maximumDocumentSize) } catch {
            guard error.errno == .noEntry else { throw RuntimeError("cannot read the container's state", error) }
            throw RuntimeError(.wrongState, "container \"\(id)\" is only half made: delete it with --force")
        }
        guard let record = StateRecord(bytes) else { throw unreadable("it ends too early") }
        return record
    }

    func container(_ record: StateRecord) throws(RuntimeError) -> StoredContainer {
        do { return try StoredContainer(parsing: record.container) } catch { throw unreadable("\(error)") }
    }

    func configuration() throws(RuntimeError) -> RuntimeConfiguration {
        let bytes = try record().configuration
        do { return try RuntimeConfiguration(parsing: bytes) } catch { throw unreadable("\(error)") }
    }

    private func unreadable(_ reason: String) -> RuntimeError {
        RuntimeError(.system, "\(path)/\(StateFile.container): \(reason): delete the container with --force")
    }

    func isWaitingForStart() throws(RuntimeError) -> Bool {
        try performing("cannot look at the container's state") { () throws(SystemError) in
            try descriptor.exists(StateFile.fifo)
        }
    }
}
