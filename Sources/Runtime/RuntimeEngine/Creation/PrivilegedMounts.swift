internal import LinuxKernel
internal import SetupPlan

/// Opens mounts for a process in a user namespace which may not do so itself: in its mount namespace, but with our
/// privileges.
struct PrivilegedMounts {
    let plan: SetupPlan
    let rootPath: String
    let process: BornProcess
    /// User namespaces that map owners, by position in `mounts`.
    let idMaps: [Int: Descriptor]

    /// The caller closes it.
    func open(_ wanted: WantedMount) throws(RuntimeError) -> Descriptor {
        let (ours, theirs) = try performing("cannot reach a process of our own", UnixSocket.sequencedPair)
        defer { ours.close() }
        // Whoever enters a mount namespace loses its root and working directory: a copy of ours does.
        let made = try performing("cannot make a process") { () throws(SystemError) in
            try ThisProcess.clone(CloneRequest())
        }
        switch consume made {
        case .child: serve(wanted, ContainerEnd(socket: theirs))
        case .parent(let visitor):
            theirs.close()
            defer { _ = try? visitor.wait() }
            return try RuntimeEnd(socket: ours).expect("mount") { message in
                if case .mount(let descriptor) = message { descriptor } else { nil }
            }
        }
    }

    private func serve(_ wanted: WantedMount, _ channel: ContainerEnd) -> Never {
        do throws(RuntimeError) {
            try performing("cannot enter the container's mount namespace") { () throws(SystemError) in
                try ThisProcess.setParentDeathSignal(Signal.kill)
                try ThisProcess.setDumpable(false)
                try enterNamespace()
            }
            channel.send(.mount(try copy(wanted)))
        } catch { channel.send(.failed(error)) }
        ThisProcess.leave(0)
    }

    /// With the process's own root: that of the namespace may be covered by the container's by now.
    private func enterNamespace() throws(SystemError) {
        let root = try Descriptor.workingDirectory.open("/proc/\(process.pid)/root", [.path, .directory])
        try ThisProcess.join(process.handle.descriptor.descriptor, .mount)
        try ThisProcess.changeDirectory(to: root.descriptor)
        try ThisProcess.changeRootHere()
    }

    private func copy(_ wanted: WantedMount) throws(RuntimeError) -> Descriptor {
        switch wanted {
        case .root:
            return try performing("cannot mount the root filesystem") { () throws(SystemError) in
                try RootMount.copy(rootPath, hasNamespace: true).mount
            }
        case .source(let index):
            guard let mount = plan.bindMount(index) else {
                throw RuntimeError(.system, "the container's process wants mounts[\(index)], which is no bind mount")
            }
            do { return try mount.copy(idMap: idMaps[index]).release() } catch { throw mount.failure(error) }
        }
    }
}

extension SetupPlan {
    fileprivate func bindMount(_ index: Int) -> BindMount? {
        for case .bind(let mount) in steps where mount.index == index { return mount }
        return nil
    }
}
