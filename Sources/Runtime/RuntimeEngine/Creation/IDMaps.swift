internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// The mappings of a new user namespace, which somebody outside of it writes: user_namespaces(7).
enum IDMaps {
    static func write(_ namespaces: NamespacePlan, of process: Int32) throws(RuntimeError) {
        guard namespaces.created.contains(.user) else { return }
        let mappings = IDMappings(users: namespaces.uidMappings, groups: namespaces.gidMappings)
        try write(mappings, of: process, "linux")
    }

    /// `member` is what has the two lists.
    static func write(_ mappings: IDMappings, of process: Int32, _ member: String) throws(RuntimeError) {
        try performing("\(member).uidMappings") { () throws(SystemError) in
            try write(mappings.users, "/proc/\(process)/uid_map")
        }
        try performing("\(member).gidMappings") { () throws(SystemError) in
            try write(mappings.groups, "/proc/\(process)/gid_map")
        }
    }

    /// Mappings beside the path of a user namespace change nothing: they must be those that it has. `process` is the
    /// procfs directory of one in it.
    static func check(_ namespaces: NamespacePlan, _ process: Descriptor) throws(RuntimeError) {
        for (member, file, wanted) in [
            ("uidMappings", "uid_map", namespaces.uidMappings), ("gidMappings", "gid_map", namespaces.gidMappings),
        ] where !wanted.isEmpty {
            let text = try performing("linux.\(member)") { () throws(SystemError) in try process.readFile(file) }
            guard Set(mappings(String(decoding: text, as: UTF8.self))) == Set(wanted) else {
                throw RuntimeError(
                    .invalidConfiguration, "linux.\(member): not those of the user namespace that is joined")
            }
        }
    }

    private static func mappings(_ text: String) -> [IDMapping] {
        text.split(separator: "\n").compactMap { line in
            let numbers = line.split(separator: " ").compactMap { UInt32($0) }
            guard numbers.count == 3 else { return nil }
            return IDMapping(containerID: numbers[0], hostID: numbers[1], size: numbers[2])
        }
    }

    /// All lines in one call: there is no second.
    private static func write(_ mappings: [IDMapping], _ path: String) throws(SystemError) {
        let lines = mappings.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
        let file = try Descriptor.workingDirectory.open(path, .writeOnly)
        try file.descriptor.writeAll(lines)
    }
}
