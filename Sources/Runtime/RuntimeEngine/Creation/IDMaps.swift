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
        for (kind, list) in [(IDMapWriting.Kind.user, mappings.users), (.group, mappings.groups)] {
            let member = "\(member).\(kind.rawValue)Mappings"
            try IDMapWriting(kind: kind, mappings: list, process: process, member: member).write()
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
}
