internal import Cgroups
internal import CheckpointRestore
internal import LinuxKernel
internal import SetupPlan

/// Mounts of a container that are the host's: CRIU is told of each, and does not look into them.
///
/// Binds, the cgroups of v1 without a cgroup namespace, files that `/dev/null` masks, and devices, which a user namespace
/// has bound. What of it is no mount after all does no harm.
struct ExternalMounts {
    let plan: SetupPlan
    /// Where the places are looked for: symbolic links lead elsewhere in it.
    let tree: RootTree
    let cgroups: [CgroupMountSource]

    /// Of a container that runs, to dump.
    func dumped() throws(RuntimeError) -> [ExternalMount] {
        var mounts: [ExternalMount] = []
        for step in plan.steps {
            switch step {
            case .bind(let mount): mounts.append(try named(mount.destination))
            case .mountCgroups(let mount):
                for part in parts(of: mount) { mounts.append(try named(part.place)) }
            case .mask(let path):
                guard let place = try found(path), place != .directory else { continue }
                mounts.append(ExternalMount(key: path, value: Self.mask))
            case .makeDevice(let node): mounts.append(try named(node.path))
            default: continue
            }
        }
        return mounts
    }

    /// Of a container to restore.
    func restored() throws(RuntimeError) -> [ExternalMount] {
        var mounts: [ExternalMount] = []
        for step in plan.steps {
            switch step {
            case .bind(let mount):
                mounts.append(ExternalMount(key: try resolve(mount.destination), value: mount.source))
            case .mountCgroups(let mount):
                for (place, source) in parts(of: mount) {
                    mounts.append(ExternalMount(key: try resolve(place), value: source))
                }
            case .makeDevice(let node):
                mounts.append(ExternalMount(key: try resolve(node.path), value: node.path))
            default: continue
            }
        }
        if plan.masksPaths { mounts.append(ExternalMount(key: Self.mask, value: Self.mask)) }
        return mounts
    }

    private static let mask = "/dev/null"

    private func named(_ destination: String) throws(RuntimeError) -> ExternalMount {
        let place = try resolve(destination)
        return ExternalMount(key: place, value: place)
    }

    /// A mount of its own, in a cgroup namespace or of the unified hierarchy, is none of the host's.
    private func parts(of mount: CgroupMount) -> [(place: String, source: String)] {
        guard !mount.hasNamespace else { return [] }
        return cgroups.compactMap { cgroup in
            guard !cgroup.name.isEmpty, let path = cgroup.path else { return nil }
            return (mount.destination + "/" + cgroup.name, path)
        }
    }

    private func found(_ path: String) throws(RuntimeError) -> FileKind? {
        try performing("cannot look for \(path) in the container") { () throws(SystemError) -> FileKind? in
            guard let place = try tree.find(path) else { return nil }
            return try place.descriptor.status().kind
        }
    }

    /// `path` without symbolic links, as far as it exists.
    func resolve(_ path: String) throws(RuntimeError) -> String {
        try performing("cannot look for \(path) in the container") { () throws(SystemError) in
            let top = try tree.root.ownPath()
            return try resolve(CleanPath.absolute(path), below: top == "/" ? "" : top)
        }
    }

    private func resolve(_ path: String, below top: String) throws(SystemError) -> String {
        guard path != "/" else { return path }
        if let place = try tree.find(path) { return String(try place.descriptor.ownPath().dropFirst(top.count)) }
        let names = CleanPath.names(path)
        let parent = try resolve("/" + names.dropLast().joined(separator: "/"), below: top)
        return (parent == "/" ? "" : parent) + "/" + (names.last ?? "")
    }
}

extension Descriptor {
    /// What procfs calls this file, from the root of its mounts.
    fileprivate func ownPath() throws(SystemError) -> String {
        try Descriptor.workingDirectory.readSymbolicLink(procPath)
    }
}

extension SetupPlan {
    fileprivate var masksPaths: Bool {
        steps.contains { step in
            if case .mask = step { true } else { false }
        }
    }
}
