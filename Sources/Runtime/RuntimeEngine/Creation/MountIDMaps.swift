internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// User namespaces that stand for the mappings of id-mapped mounts: mount_setattr(2) takes them in no other form.
enum MountIDMaps {
    /// By position in `mounts`; those that have the container's mappings are left out. The caller closes them.
    static func open(_ plan: SetupPlan) throws(RuntimeError) -> [Int: Descriptor] {
        var opened: [Int: Descriptor] = [:]
        var known: [IDMappings: Descriptor] = [:]
        for (index, map) in plan.idMaps {
            guard let mappings = map.mappings else { continue }
            if known[mappings] == nil { known[mappings] = try make(mappings, "mounts[\(index)]") }
            opened[index] = known[mappings]
        }
        return opened
    }

    /// Those that have the container's mappings, once there is a process in it.
    static func open(_ plan: SetupPlan, ofContainer process: Int32) throws(RuntimeError) -> [Int: Descriptor] {
        let indexes = plan.idMaps.filter { $0.map.mappings == nil }.map(\.index)
        guard !indexes.isEmpty else { return [:] }
        let namespace = try performing("cannot open the container's user namespace") { () throws(SystemError) in
            try userNamespace(of: process)
        }
        return Dictionary(uniqueKeysWithValues: indexes.map { ($0, namespace) })
    }

    /// A user namespace needs a process only until it has its mappings and a descriptor.
    private static func make(_ mappings: IDMappings, _ member: String) throws(RuntimeError) -> Descriptor {
        let (ours, theirs) = try performing("\(member).uidMappings", UnixSocket.sequencedPair)
        let made = try performing("\(member).uidMappings: cannot make a user namespace") { () throws(SystemError) in
            try ThisProcess.clone(CloneRequest(.user))
        }
        switch consume made {
        case .child:
            ours.close()
            // Ends when we do, and when we have what we want.
            _ = try? theirs.read(upTo: 1)
            ThisProcess.leave(0)
        case .parent(let holder):
            theirs.close()
            defer {
                ours.close()
                _ = try? holder.wait()
            }
            try IDMaps.write(mappings, of: holder.pid, member)
            return try performing("\(member).uidMappings") { () throws(SystemError) in
                try userNamespace(of: holder.pid)
            }
        }
    }

    private static func userNamespace(of process: Int32) throws(SystemError) -> Descriptor {
        try Descriptor.workingDirectory.open("/proc/\(process)/ns/user").release()
    }
}

extension SetupPlan {
    /// Of mounts whose owners are mapped, by position in `mounts`.
    fileprivate var idMaps: [(index: Int, map: MountIDMap)] {
        steps.compactMap { step in
            switch step {
            case .bind(let mount): mount.idMap.map { (mount.index, $0) }
            case .mountFilesystem(let mount): mount.idMap.map { (mount.index, $0) }
            default: nil
            }
        }
    }
}
