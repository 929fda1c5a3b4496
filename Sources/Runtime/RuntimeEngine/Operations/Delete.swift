internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec

extension RuntimeRoot {
    /// Removes what a stopped container holds: cgroups, state, and runs its `poststop` hooks. `force` kills it first,
    /// and is content when there is no such container.
    public func delete(_ id: String, force: Bool = false) throws(RuntimeError) {
        do throws(RuntimeError) {
            let container = try FoundContainer(id, in: self)
            if !force { try container.require([.stopped], to: "delete") }
            try remove(container)
        } catch {
            guard force else { throw error }
            if error.kind == .noSuchContainer { return }
            try removeRemains(of: id, after: error)
        }
    }

    func remove(_ container: FoundContainer) throws(RuntimeError) {
        let hooks = container.stored.hooks?.poststop
        let state = container.state(.stopped)
        try end(container)
        try withCgroups(container.cgroups.destroy)
        try ResourceControl.remove(container.stored.resourceControl)
        try container.directory.remove()
        for error in HookRunner(state: state).runAll(hooks, "poststop") { log.warn(error.message) }
    }

    /// Kills all processes, and waits for the first one, whose end is that of its pid namespace.
    func end(_ container: FoundContainer) throws(RuntimeError) {
        try performing("cannot kill the container") { () throws(SystemError) in
            guard let first = try container.process?.handle() else { return }
            do throws(SystemError) { try first.signal(Signal.kill) } catch {
                if error.errno != .noProcess { throw error }
            }
            if (try? container.cgroups.isFrozen()) == true { try? container.cgroups.thaw() }
            if try first.descriptor.descriptor.wait(for: .readable, milliseconds: 10_000).isEmpty {
                throw SystemError(.busy, "wait for", "process \(first.pid)")
            }
        }
        if container.cgroups.exists {
            try withCgroups { () throws(CgroupError) in try container.cgroups.killRemains() }
        }
    }

    /// A state that cannot be read: nothing is known but its directory.
    private func removeRemains(of id: String, after error: RuntimeError) throws(RuntimeError) {
        let directory = try StateDirectory(opening: id, below: self)
        guard (try? directory.container(directory.record())) == nil else { throw error }
        try directory.remove()
    }
}
