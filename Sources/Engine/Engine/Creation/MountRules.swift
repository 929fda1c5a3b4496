internal import ImageSpec
internal import LineProtocol

/// What the user mounts, and the volumes that the image declares: checked, and each target once. Pure.
struct MountRules: Sendable {
    private static let propagations: Set<String> = ["rprivate", "rshared", "rslave", "private", "shared", "slave"]

    /// Those of the user's first, then the image's volumes at places that the user left free.
    static func mounts(_ wanted: ContainerSpecification, image: ContainerDefaults) throws(ProtocolFailure)
        -> [ContainerSpecification.Mount]
    {
        var mounts: [ContainerSpecification.Mount] = []
        for mount in wanted.mounts {
            let checked = try check(mount)
            guard !mounts.contains(where: { $0.target == checked.target }) else {
                throw ProtocolFailure(.invalidArgument, "Duplicate mount point: \(checked.target)")
            }
            mounts.append(checked)
        }
        let temporary = try temporaryTargets(wanted, mounts)
        for volume in (image.volumes?.names ?? []).sorted() {
            let mount = try check(ContainerSpecification.Mount(kind: .volume, source: nil, target: volume))
            if !mounts.contains(where: { $0.target == mount.target }), !temporary.contains(mount.target) {
                mounts.append(mount)
            }
        }
        return mounts
    }

    private static func temporaryTargets(
        _ wanted: ContainerSpecification, _ mounts: [ContainerSpecification.Mount]
    ) throws(ProtocolFailure) -> [String] {
        var targets: [String] = []
        for path in wanted.temporaryFilesystems.keys.sorted() {
            let target = try TemporaryFilesystemRules.target(path)
            guard !targets.contains(target), !mounts.contains(where: { $0.target == target }) else {
                throw ProtocolFailure(.invalidArgument, "Duplicate mount point: \(target)")
            }
            targets.append(target)
        }
        return targets
    }

    private static func check(_ mount: ContainerSpecification.Mount) throws(ProtocolFailure)
        -> ContainerSpecification.Mount
    {
        var mount = mount
        guard let target = normalized(mount.target) else {
            throw ProtocolFailure(
                .invalidArgument, "invalid mount path: '\(mount.target)' mount path must be absolute")
        }
        guard target != "/" else {
            throw ProtocolFailure(.invalidArgument, "invalid mount: destination can't be '/'")
        }
        mount.target = target
        if mount.kind == .bind {
            guard let source = mount.source.flatMap({ normalized($0) }) else {
                throw ProtocolFailure(
                    .invalidArgument,
                    "bind mount at \(target): the source '\(mount.source ?? "")' must be an absolute path")
            }
            mount.source = source
        }
        if let propagation = mount.propagation, !propagations.contains(propagation) {
            throw ProtocolFailure(.invalidArgument, "mount at \(target): invalid propagation '\(propagation)'")
        }
        return mount
    }

    /// An absolute path without `.`, `..` and double slashes; nil for a relative one or one with a NUL byte.
    static func normalized(_ path: String) -> String? {
        guard path.hasPrefix("/"), !path.utf8.contains(0) else { return nil }
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }
}
