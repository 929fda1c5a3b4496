internal import LinuxKernel

/// The root filesystem as a mount of its own.
enum RootMount {
    /// Where `path` is, and a copy of its mount and of those below it, attached nowhere.
    ///
    /// Where that place is in a shared mount, the copy would be shared as well, and attaching it would attach it for all
    /// peers: pivot_root(2) refuses that, and the host would see it. Without a mount namespace of the container's the
    /// place is the host's, and left as it is.
    static func copy(_ path: String, hasNamespace: Bool) throws(SystemError) -> (place: Descriptor, mount: Descriptor) {
        let place = try Descriptor.workingDirectory.open(path, [.path, .directory], resolving: .noSymlinks)
        if hasNamespace { try makePrivate(mountOf: place.descriptor) }
        let mount = try place.descriptor.cloneMount(recursively: true)
        if !hasNamespace { try mount.descriptor.changeMount(propagation: .private, recursively: true) }
        return (place.release(), mount.release())
    }

    private static func makePrivate(mountOf place: Descriptor) throws(SystemError) {
        var directory = try place.duplicate()
        for _ in 0..<4096 {
            do { return try directory.descriptor.changeMount(propagation: .private) } catch {
                // Not the root of a mount: that is further up.
                guard error.errno == .invalid else { throw error }
            }
            directory = try directory.descriptor.open("..", [.path, .directory])
        }
    }
}
