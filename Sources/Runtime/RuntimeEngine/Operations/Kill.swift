internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec

extension RuntimeRoot {
    /// Sends `signal` to a container's first process, or to all of its processes.
    public func kill(_ id: String, signal: Int32, all: Bool = false) throws(RuntimeError) {
        let container = try FoundContainer(id, in: self)
        if all || !container.stored.namespaceKinds.contains(.pid) && signal == Signal.kill {
            return try withCgroups { () throws(CgroupError) in try container.cgroups.signalAll(signal) }
        }
        try container.require([.created, .running, .paused], to: "kill")
        try performing("cannot signal the container") { () throws(SystemError) in
            guard let first = try container.process?.handle() else { throw SystemError(.noProcess, "signal") }
            try first.signal(signal)
        }
        // A frozen process dies only once it is thawed.
        if container.status == .paused, signal == Signal.kill { try withCgroups(container.cgroups.thaw) }
    }
}
