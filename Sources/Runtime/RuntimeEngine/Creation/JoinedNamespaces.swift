internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// Opens the namespaces that a container joins by path.
enum JoinedNamespaces {
    static func open(_ namespaces: NamespacePlan, _ plan: SetupPlan) throws(RuntimeError)
        -> [(file: Descriptor, kinds: NamespaceKinds)]
    {
        var opened: [(file: Descriptor, kinds: NamespaceKinds)] = []
        for namespace in namespaces.joined {
            do {
                let file = try Descriptor.workingDirectory.open(namespace.path)
                try refuseHostParameters(namespace.kind, file.descriptor, plan)
                opened.append((file.release(), namespace.kind))
            } catch let error as RuntimeError { throw error } catch let error as SystemError {
                throw RuntimeError(
                    .invalidConfiguration, "linux.namespaces: cannot open \(namespace.path): \(error.errno)")
            } catch { throw RuntimeError(.system, "\(error)") }
        }
        return opened
    }

    /// Not joined: the file is no namespace, or one of another type, or we may not.
    static func failure(_ kinds: NamespaceKinds, _ error: SystemError) -> RuntimeError {
        let types = NamespaceType.allCases.filter { kinds.contains($0.kind) }.map(\.rawValue).joined(separator: ", ")
        guard error.errno == .invalid else { return RuntimeError("cannot join namespaces: \(types)", error) }
        return RuntimeError(
            .invalidConfiguration, "linux.namespaces: the path of type \(types) is no such namespace: \(error)")
    }

    /// A kernel parameter of the network must not be set in the host's own network.
    private static func refuseHostParameters(_ kind: NamespaceKinds, _ file: Descriptor, _ plan: SetupPlan)
        throws(RuntimeError)
    {
        guard kind == .network else { return }
        let setsParameters = plan.steps.contains { step in
            if case .setParameter(let path, _) = step { path.hasPrefix("net/") } else { false }
        }
        guard setsParameters else { return }
        let isHost = try performing("linux.namespaces") { () throws(SystemError) in
            try file.status().inode == Descriptor.workingDirectory.status(of: "/proc/self/ns/net").inode
        }
        if isHost {
            throw RuntimeError(.invalidConfiguration, "linux.sysctl: the container joins the host's network namespace")
        }
    }
}
