internal import LinuxKernel
internal import SetupPlan

/// Copies of mounts of the host's, attached nowhere, taken in the container's own mount namespace: there they see what
/// earlier steps mounted, and in a user namespace the flags of the host's mounts are locked.
extension SetupInterpreter {
    func source(of mount: BindMount) throws(RuntimeError) -> Descriptor {
        let isForeign = plan.namespaces.has(.user)
        // Only who is privileged over a file system may map its owners.
        if mount.idMap != nil, isForeign { return requestMount(.source(mount.index)) }
        do {
            return try mount.copy(idMap: surroundings.idMaps[mount.index]).release()
        } catch {
            if error.errno == .accessDenied, isForeign { return requestMount(.source(mount.index)) }
            throw mount.failure(error)
        }
    }

    /// From the runtime, whose privileges reach further; it ends us when it cannot open it either.
    func requestMount(_ wanted: WantedMount) -> Descriptor {
        surroundings.channel.send(.needsMount(wanted))
        return surroundings.channel.expectMount()
    }
}

extension BindMount {
    func copy(idMap: Descriptor?) throws(SystemError) -> OwnedDescriptor {
        let copy = try Descriptor.workingDirectory.cloneMount(at: source, recursively: options.bindsRecursively)
        if let own = self.idMap, let idMap { try copy.descriptor.mapOwners(by: idMap, own) }
        return copy
    }

    /// A source that is not there is a mistake in the configuration.
    func failure(_ error: SystemError) -> RuntimeError {
        let member = "mounts[\(index)].source"
        guard error.errno == .noEntry || error.errno == .notDirectory else {
            return RuntimeError("\(member): cannot open \(source)", error)
        }
        return RuntimeError(.invalidConfiguration, "\(member): \(source): \(error.errno)")
    }
}

extension Descriptor {
    /// Of this mount, which must be attached nowhere: mount_setattr(2), "ID-mapped mounts".
    func mapOwners(by userNamespace: Descriptor, _ map: MountIDMap) throws(SystemError) {
        do throws(SystemError) {
            try changeMount(idMapping: userNamespace, recursively: map.recursively)
        } catch {
            guard error.errno == .invalid else { throw error }
            throw SystemError(error.errno, error.call, "MOUNT_ATTR_IDMAP (can the file system map owners?)")
        }
    }
}
