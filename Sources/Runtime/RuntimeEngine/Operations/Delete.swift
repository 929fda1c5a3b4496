extension RuntimeRoot {
    /// Removes what a stopped container holds: cgroups, state, and runs its `poststop` hooks. `force` kills it first,
    /// and is content when there is no such container.
    public func delete(_ id: String, force: Bool = false) throws(RuntimeError) {
        throw RuntimeError(.notSupported, "delete: not there yet")
    }
}
