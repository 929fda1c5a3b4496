internal import Cgroups

extension RuntimeRoot {
    /// The numbers of a container's processes in our own pid namespace, in order.
    public func processes(_ id: String) throws(RuntimeError) -> [Int32] {
        let container = try FoundContainer(id, in: self)
        return try withCgroups { () throws(CgroupError) in try container.cgroups.processes() }.sorted()
    }
}
