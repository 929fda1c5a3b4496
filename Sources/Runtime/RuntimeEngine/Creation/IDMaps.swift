internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// The mappings of a new user namespace, which somebody outside of it writes: user_namespaces(7).
enum IDMaps {
    static func write(_ namespaces: NamespacePlan, of process: Int32) throws(RuntimeError) {
        guard namespaces.created.contains(.user) else { return }
        try performing("linux.uidMappings") { () throws(SystemError) in
            try write(namespaces.uidMappings, "/proc/\(process)/uid_map")
        }
        try performing("linux.gidMappings") { () throws(SystemError) in
            try write(namespaces.gidMappings, "/proc/\(process)/gid_map")
        }
    }

    /// All lines in one call: there is no second.
    private static func write(_ mappings: [IDMapping], _ path: String) throws(SystemError) {
        let lines = mappings.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
        let file = try Descriptor.workingDirectory.open(path, .writeOnly)
        try file.descriptor.writeAll(lines)
    }
}
