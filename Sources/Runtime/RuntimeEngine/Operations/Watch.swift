public import Cgroups
internal import RuntimeSpec

extension RuntimeRoot {
    /// What the container uses now.
    public func statistics(_ id: String) throws(RuntimeError) -> CgroupStatistics {
        let container = try FoundContainer(id, in: self)
        guard container.status != .stopped else {
            throw RuntimeError(.wrongState, "container with id \(id) is not running")
        }
        return try withCgroups(container.cgroups.statistics)
    }

    /// How often the kernel killed a process of the container for want of memory.
    public func outOfMemoryKills(_ id: String) throws(RuntimeError) -> UInt64 {
        try FoundContainer(id, in: self).cgroups.outOfMemoryKills()
    }
}
