internal import Cgroups
internal import RuntimeSpec

extension RuntimeRoot {
    /// Stops all processes of a container by its freezer.
    public func pause(_ id: String) throws(RuntimeError) {
        let container = try FoundContainer(id, in: self)
        try container.require([.created, .running], to: "pause")
        try withCgroups(container.cgroups.freeze)
    }

    public func resume(_ id: String) throws(RuntimeError) {
        let container = try FoundContainer(id, in: self)
        try container.require([.paused], to: "resume")
        try withCgroups(container.cgroups.thaw)
    }
}
