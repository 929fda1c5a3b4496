extension RuntimeRoot {
    /// What `state` prints: runtime.md, "Query State".
    public func state(_ id: String) throws(RuntimeError) -> ContainerReport {
        try FoundContainer(id, in: self).report()
    }
}
