internal import LinuxKernel
internal import RuntimeSpec

/// How one list of mappings comes to be those of a user namespace: user_namespaces(7), "Defining user and group ID
/// mappings". Root writes it; anybody may write a single line for himself; for more there are newuidmap(1) and
/// newgidmap(1), which have privileges and look into `/etc/subuid` and `/etc/subgid`.
struct IDMapWriting {
    enum Kind: String { case user = "uid", group = "gid" }

    let kind: Kind
    let mappings: [IDMapping]
    let process: Int32
    /// For messages: `linux.uidMappings`.
    let member: String

    func write() throws(RuntimeError) {
        if isPrivileged || isOwnOnly {
            try performing(member) { () throws(SystemError) in try writeFile() }
        } else {
            try runHelper()
        }
    }

    /// Root, of whichever user namespace.
    private var isPrivileged: Bool { ThisProcess.effectiveUser == 0 }

    private var isOwnOnly: Bool {
        let own = kind == .user ? ThisProcess.effectiveUser : ThisProcess.effectiveGroup
        return mappings.count == 1 && mappings[0].size == 1 && mappings[0].hostID == own
    }

    /// All lines in one call: there is no second.
    private func writeFile() throws(SystemError) {
        if kind == .group && !isPrivileged { try denyGroups() }
        let lines = mappings.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
        let file = try Descriptor.workingDirectory.open("/proc/\(process)/\(kind.rawValue)_map", .writeOnly)
        try file.descriptor.writeAll(lines)
    }

    /// Nobody may leave a group by becoming root of a namespace: the kernel wants this first.
    private func denyGroups() throws(SystemError) {
        let file = try Descriptor.workingDirectory.open("/proc/\(process)/setgroups", .writeOnly)
        try file.descriptor.writeAll("deny")
    }

    private func runHelper() throws(RuntimeError) {
        let name = "new\(kind.rawValue)map"
        guard let path = ThisProcess.findProgram(name) else {
            throw RuntimeError(
                .notSupported,
                "\(member): \(name) is not in PATH, and without it a user may map nobody but himself: install uidmap")
        }
        let numbers = mappings.flatMap { ["\($0.containerID)", "\($0.hostID)", "\($0.size)"] }
        let request = SpawnRequest(
            path: path, arguments: [name, "\(process)"] + numbers, environment: ThisProcess.environment,
            descriptors: [nil, .standardError, .standardError])
        let status = try performing("\(member): cannot run \(path)") { () throws(SystemError) in
            try request.spawn().wait().shellCode
        }
        guard status == 0 else {
            throw RuntimeError(
                .permissionDenied,
                "\(member): \(name) failed with exit status \(status): are these the user's in /etc/sub\(kind.rawValue)?"
            )
        }
    }
}
