internal import CheckpointRestore
internal import LinuxKernel
internal import SetupPlan

/// Namespaces that a container joined by path: they are not its own, and stay where they are.
enum ExternalNamespaces {
    /// Kinds that CRIU leaves out of the images: since which version, and as what.
    private static let external: [(kind: NamespaceKinds, since: CriuVersion, key: String)] = [
        (.network, CriuVersion(3, 11), "extRootNetNS"), (.pid, CriuVersion(3, 15), "extRootPidNS"),
    ]

    /// Names in procfs of those that CRIU enters before it restores.
    private static let names: [NamespaceKinds: String] = [
        .network: "net", .pid: "pid", .mount: "mnt", .ipc: "ipc", .uts: "uts", .user: "user", .time: "time",
    ]

    /// `net[INODE]:KEY`, for each to leave out.
    static func dumped(_ namespaces: NamespacePlan, _ program: CriuProgram) throws(RuntimeError) -> [String] {
        var externals: [String] = []
        for namespace in namespaces.joined {
            guard let (name, key) = try key(of: namespace.kind, program) else { continue }
            let inode = try performing("linux.namespaces: \(namespace.path)") { () throws(SystemError) in
                try Descriptor.workingDirectory.status(of: namespace.path).inode
            }
            externals.append("\(name)[\(inode)]:\(key)")
        }
        return externals
    }

    private static func key(of kind: NamespaceKinds, _ program: CriuProgram) throws(RuntimeError) -> (String, String)? {
        guard let (_, oldest, key) = external.first(where: { $0.kind == kind }), let name = names[kind] else {
            return nil
        }
        try withCriu { () throws(CriuError) in
            try program.require(oldest, for: "a container that joined a \(name) namespace")
        }
        return (name, key)
    }

    /// What CRIU needs to restore into `namespaces`. `inherited` are descriptors for CRIU to have from
    /// `firstNumber` on.
    static func restored(_ namespaces: NamespacePlan, _ program: CriuProgram, firstNumber: Int32) throws(RuntimeError)
        -> (joined: [JoinedNamespace], keys: [InheritedDescriptor], inherited: [Descriptor])
    {
        var joined: [JoinedNamespace] = []
        var keys: [InheritedDescriptor] = []
        var inherited: [Descriptor] = []
        for namespace in namespaces.joined {
            if let (_, key) = try key(of: namespace.kind, program) {
                keys.append(InheritedDescriptor(key: key, number: firstNumber + Int32(inherited.count)))
                inherited.append(try open(namespace.path))
            } else if let name = names[namespace.kind] {
                joined.append(JoinedNamespace(kind: name, path: namespace.path))
            } else {
                throw RuntimeError(.notSupported, "linux.namespaces: CRIU cannot restore into \(namespace.path)")
            }
        }
        return (joined, keys, inherited)
    }

    private static func open(_ path: String) throws(RuntimeError) -> Descriptor {
        do { return try Descriptor.workingDirectory.open(path).release() } catch {
            throw RuntimeError(.invalidConfiguration, "linux.namespaces: \(path) must be there: \(error.errno)")
        }
    }
}
