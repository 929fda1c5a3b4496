internal import LinuxKernel
internal import SetupPlan

/// Acts in the resctrl file system: the kernel's documentation, "User Interface for Resource Control feature".
enum ResourceControl {
    /// The group for a container that is to be made; nil when none is asked for.
    static func group(_ plan: ResourceControlPlan?, id: String) throws(RuntimeError) -> ResourceControlGroup? {
        guard let plan else { return nil }
        return try ResourceControlGroup(plan, id: id, root: try root()) { path throws(RuntimeError) in
            try performing("linux.intelRdt") { () throws(SystemError) in
                try Descriptor.workingDirectory.exists(path)
            }
        }
    }

    /// Usually in one place; somebody may have mounted it elsewhere.
    static func root() throws(RuntimeError) -> String {
        let usual = "/sys/fs/resctrl"
        if isResourceControl(usual) { return usual }
        let table = (try? Descriptor.workingDirectory.readFile("/proc/self/mountinfo", limit: 8 << 20)) ?? []
        let mounts = MountRecord.parse(String(decoding: table, as: UTF8.self))
        guard let mount = mounts.first(where: { $0.type == "resctrl" }) else {
            throw RuntimeError(
                .notSupported,
                "linux.intelRdt: intelRdt is specified in config, but Intel RDT is not enabled: no resctrl is mounted")
        }
        return mount.mountPoint
    }

    private static func isResourceControl(_ path: String) -> Bool {
        guard let directory = try? Descriptor.workingDirectory.open(path, [.path, .directory]) else { return false }
        return (try? directory.descriptor.filesystemType()) == FilesystemType.resctrl
    }

    /// Makes the group, and `process` a member of it; those that come of it will be, too.
    static func apply(_ plan: ResourceControlPlan, _ group: ResourceControlGroup, to process: Int32)
        throws(RuntimeError)
    {
        let schemata = try? Descriptor.workingDirectory.readFile(group.path + "/schemata", limit: 1 << 20)
        let making = try group.making(plan, schemata: schemata.map { String(decoding: $0, as: UTF8.self) })
        for action in making + group.joining(process) { try perform(action, group) }
    }

    static func add(_ process: Int32, to group: ResourceControlGroup?) throws(RuntimeError) {
        guard let group else { return }
        for action in group.joining(process) { try perform(action, group) }
    }

    static func perform(_ action: ResourceControlAction, _ group: ResourceControlGroup) throws(RuntimeError) {
        do throws(SystemError) {
            let here = Descriptor.workingDirectory
            switch action {
            case .makeDirectory(let path):
                if try !here.exists(path) { try here.makeDirectory(path, mode: 0o755) }
            case .write(let text, let path):
                let file = try here.open(path, .writeOnly)
                try file.descriptor.writeAll(text)
            }
        } catch { throw RuntimeError("linux.intelRdt" + reason(group), error) }
    }

    /// The kernel's words for what went wrong last.
    private static func reason(_ group: ResourceControlGroup) -> String {
        let path = group.root + "/info/last_cmd_status"
        guard let bytes = try? Descriptor.workingDirectory.readFile(path, limit: 4096) else { return "" }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? ""
        return line.isEmpty || line == "ok" ? "" : " (\(line))"
    }

    /// What is gone already does no harm: the kernel removes all when resctrl is unmounted.
    static func remove(_ group: ResourceControlGroup?) throws(RuntimeError) {
        for path in group?.removals ?? [] {
            do { try Descriptor.workingDirectory.removeDirectory(path) } catch {
                if error.errno != .noEntry { throw RuntimeError("linux.intelRdt", error) }
            }
        }
    }
}
